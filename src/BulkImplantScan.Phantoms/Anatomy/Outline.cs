namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>A flat shape of which a bone's outline is put together.</summary>
internal abstract record Outline
{
    /// <summary>The shape at a point.</summary>
    /// <returns>Distance from the edge in mm, positive inside; radius with which the edge is rounded in depth (twice that is
    /// the depth in the middle); thickness of the cortical shell.</returns>
    public abstract (double Inside, double ReliefMm, double CortexMm) At(double x, double y);

    /// <summary>A round-ended bar from one radius to another (a disc when both ends are one).</summary>
    public sealed record Bar(double X0, double Y0, double Radius0, double X1, double Y1, double Radius1, double ReliefMm, double CortexMm) : Outline
    {
        public override (double, double, double) At(double x, double y)
        {
            double dx = X1 - X0, dy = Y1 - Y0, square = dx * dx + dy * dy;
            var share = square > 0 ? Math.Clamp(((x - X0) * dx + (y - Y0) * dy) / square, 0, 1) : 0;
            double ox = x - X0 - share * dx, oy = y - Y0 - share * dy;
            return (Radius0 + (Radius1 - Radius0) * share - Math.Sqrt(ox * ox + oy * oy), ReliefMm, CortexMm);
        }
    }

    /// <summary>A tube through several places (x, y, radius, cortex): as deep as it is wide.</summary>
    public sealed record Tube(params (double X, double Y, double Radius, double Cortex)[] Nodes) : Outline
    {
        public override (double, double, double) At(double x, double y)
        {
            var best = (Inside: double.MinValue, Relief: 1.0, Cortex: 1.0);
            for (var i = 1; i < Nodes.Length; i++)
            {
                var (from, to) = (Nodes[i - 1], Nodes[i]);
                double dx = to.X - from.X, dy = to.Y - from.Y;
                var share = Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / (dx * dx + dy * dy), 0, 1);
                double ox = x - from.X - share * dx, oy = y - from.Y - share * dy, radius = from.Radius + (to.Radius - from.Radius) * share;
                var inside = radius - Math.Sqrt(ox * ox + oy * oy);
                if (inside > best.Inside) best = (inside, radius, from.Cortex + (to.Cortex - from.Cortex) * share);
            }

            return best;
        }
    }

    /// <summary>A closed polygon with rounded corners, points x, y in turn.</summary>
    public sealed record Polygon(double[] Points, double RoundMm, double ReliefMm, double CortexMm) : Outline
    {
        public override (double, double, double) At(double x, double y)
        {
            var nearest = double.MaxValue;
            var inside = false;
            for (int i = 0, j = Points.Length - 2; i < Points.Length; j = i, i += 2)
            {
                double ax = Points[j], ay = Points[j + 1], dx = Points[i] - ax, dy = Points[i + 1] - ay;
                var share = Math.Clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1);
                double ox = x - ax - share * dx, oy = y - ay - share * dy;
                nearest = Math.Min(nearest, ox * ox + oy * oy);
                if (Points[i + 1] > y != ay > y && x < ax + (y - ay) / (Points[i + 1] - ay) * dx) inside = !inside;
            }

            return ((inside ? Math.Sqrt(nearest) : -Math.Sqrt(nearest)) + RoundMm, ReliefMm, CortexMm);
        }
    }

    /// <summary>An ellipse, turned: holes.</summary>
    public sealed record Ellipse(double X, double Y, double RadiusX, double RadiusY, double Turn) : Outline
    {
        public override (double, double, double) At(double x, double y)
        {
            var (sin, cos) = Math.SinCos(Turn);
            double px = (x - X) * cos + (y - Y) * sin, py = (y - Y) * cos - (x - X) * sin;
            // First-order distance: value over the length of its gradient.
            double gx = px / (RadiusX * RadiusX), gy = py / (RadiusY * RadiusY);
            var level = px * gx + py * gy;
            var inside = level < 1e-6
                ? Math.Min(RadiusX, RadiusY)
                : (1 - level) / (2 * Math.Sqrt(gx * gx + gy * gy)) * (level > 1 ? 1 : Math.Sqrt(level));
            return (inside, 1, 1);
        }
    }
}
