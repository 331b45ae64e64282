namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>A flat shape of which a bone's outline is put together: signed distance, inside positive.</summary>
/// <param name="ReliefMm">Radius with which its edge is rounded in depth; twice that is its depth in the middle.</param>
/// <param name="CortexMm">Thickness of its cortical shell.</param>
internal abstract record Outline(double ReliefMm, double CortexMm)
{
    /// <summary>Distance in mm from the edge, positive inside.</summary>
    public abstract double Inside(double x, double y);

    /// <summary>A round-ended bar from one radius to another (a disc when both ends are one).</summary>
    public sealed record Bar(double X0, double Y0, double Radius0, double X1, double Y1, double Radius1, double ReliefMm, double CortexMm)
        : Outline(ReliefMm, CortexMm)
    {
        public override double Inside(double x, double y)
        {
            double dx = X1 - X0, dy = Y1 - Y0, square = dx * dx + dy * dy;
            var share = square > 0 ? Math.Clamp(((x - X0) * dx + (y - Y0) * dy) / square, 0, 1) : 0;
            double ox = x - X0 - share * dx, oy = y - Y0 - share * dy;
            return Radius0 + (Radius1 - Radius0) * share - Math.Sqrt(ox * ox + oy * oy);
        }
    }

    /// <summary>A closed polygon with rounded corners, points x, y in turn.</summary>
    public sealed record Polygon(double[] Points, double RoundMm, double ReliefMm, double CortexMm) : Outline(ReliefMm, CortexMm)
    {
        public override double Inside(double x, double y)
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

            return (inside ? Math.Sqrt(nearest) : -Math.Sqrt(nearest)) + RoundMm;
        }
    }

    /// <summary>An ellipse, turned: holes.</summary>
    public sealed record Ellipse(double X, double Y, double RadiusX, double RadiusY, double Turn) : Outline(0, 0)
    {
        public override double Inside(double x, double y)
        {
            var (sin, cos) = Math.SinCos(Turn);
            double px = (x - X) * cos + (y - Y) * sin, py = (y - Y) * cos - (x - X) * sin;
            // First-order distance: value over the length of its gradient.
            double gx = px / (RadiusX * RadiusX), gy = py / (RadiusY * RadiusY);
            var level = px * gx + py * gy;
            return level < 1e-6 ? Math.Min(RadiusX, RadiusY) : (1 - level) / (2 * Math.Sqrt(gx * gx + gy * gy)) * (level > 1 ? 1 : Math.Sqrt(level));
        }
    }
}
