using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>A flat shape of which a bone's outline is put together.</summary>
internal abstract record Outline
{
    /// <summary>The shape at eight points.</summary>
    /// <returns>Distance from the edge in mm, positive inside; radius with which the edge is rounded in depth (twice that is
    /// the depth in the middle); thickness of the cortical shell.</returns>
    public abstract (Vector256<float> Inside, Vector256<float> ReliefMm, Vector256<float> CortexMm) At(Vector256<float> x, Vector256<float> y);

    /// <summary>A round-ended bar from one radius to another (a disc when both ends are one).</summary>
    public sealed record Bar(double X0, double Y0, double Radius0, double X1, double Y1, double Radius1, double ReliefMm, double CortexMm) : Outline
    {
        public override (Vector256<float>, Vector256<float>, Vector256<float>) At(Vector256<float> x, Vector256<float> y)
        {
            var (share, square) = ToStretch(x, y, X0, Y0, X1, Y1);
            return (Vector256.Create((float)Radius0) + share * (float)(Radius1 - Radius0) - Vector256.Sqrt(square),
                Vector256.Create((float)ReliefMm), Vector256.Create((float)CortexMm));
        }
    }

    /// <summary>A tube through several places (x, y, radius, cortex): as deep as it is wide.</summary>
    public sealed record Tube(params (double X, double Y, double Radius, double Cortex)[] Nodes) : Outline
    {
        public override (Vector256<float>, Vector256<float>, Vector256<float>) At(Vector256<float> x, Vector256<float> y)
        {
            Vector256<float> most = Vector256.Create(float.MinValue), relief = Vector256<float>.One, cortex = Vector256<float>.One;
            for (var i = 1; i < Nodes.Length; i++)
            {
                var (from, to) = (Nodes[i - 1], Nodes[i]);
                var (share, square) = ToStretch(x, y, from.X, from.Y, to.X, to.Y);
                var radius = Vector256.Create((float)from.Radius) + share * (float)(to.Radius - from.Radius);
                var inside = radius - Vector256.Sqrt(square);
                var isMore = Vector256.GreaterThan(inside, most);
                most = Vector256.ConditionalSelect(isMore, inside, most);
                relief = Vector256.ConditionalSelect(isMore, radius, relief);
                cortex = Vector256.ConditionalSelect(isMore, Vector256.Create((float)from.Cortex) + share * (float)(to.Cortex - from.Cortex), cortex);
            }

            return (most, relief, cortex);
        }
    }

    /// <summary>A closed polygon with rounded corners, points x, y in turn.</summary>
    public sealed record Polygon(double[] Points, double RoundMm, double ReliefMm, double CortexMm) : Outline
    {
        public override (Vector256<float>, Vector256<float>, Vector256<float>) At(Vector256<float> x, Vector256<float> y)
        {
            var nearest = Vector256.Create(float.MaxValue);
            var inside = Vector256<float>.Zero;
            for (int i = 0, j = Points.Length - 2; i < Points.Length; j = i, i += 2)
            {
                nearest = Vector256.Min(nearest, ToStretch(x, y, Points[j], Points[j + 1], Points[i], Points[i + 1]).Square);
                Vector256<float> above = Vector256.Create((float)Points[j + 1]), below = Vector256.Create((float)Points[i + 1]);
                var isBeside = Vector256.GreaterThan(below, y) ^ Vector256.GreaterThan(above, y);
                var slope = (float)((Points[i] - Points[j]) / (Points[i + 1] - Points[j + 1]));
                inside ^= isBeside & Vector256.LessThan(x, Vector256.Create((float)Points[j]) + (y - above) * slope);
            }

            var distance = Vector256.Sqrt(nearest);
            return (Vector256.ConditionalSelect(inside, distance, -distance) + Vector256.Create((float)RoundMm), Vector256.Create((float)ReliefMm), Vector256.Create((float)CortexMm));
        }
    }

    /// <summary>An ellipse, turned: holes.</summary>
    public sealed record Ellipse(double X, double Y, double RadiusX, double RadiusY, double Turn) : Outline
    {
        public override (Vector256<float>, Vector256<float>, Vector256<float>) At(Vector256<float> x, Vector256<float> y)
        {
            var (sin, cos) = Math.SinCos(Turn);
            Vector256<float> dx = x - Vector256.Create((float)X), dy = y - Vector256.Create((float)Y), one = Vector256<float>.One;
            Vector256<float> px = dx * (float)cos + dy * (float)sin, py = dy * (float)cos - dx * (float)sin;
            // First-order distance: value over the length of its gradient.
            Vector256<float> gx = px * (float)(1 / (RadiusX * RadiusX)), gy = py * (float)(1 / (RadiusY * RadiusY));
            var level = px * gx + py * gy;
            var inside = (one - level) / (Vector256.Sqrt(gx * gx + gy * gy) * 2) * Vector256.Min(Vector256.Sqrt(level), one);
            return (Vector256.ConditionalSelect(Vector256.LessThan(level, Vector256.Create(1e-6f)), Vector256.Create((float)Math.Min(RadiusX, RadiusY)), inside), one, one);
        }
    }

    /// <summary>Where along a stretch its nearest point is, 0 to 1, and the square of the distance from it.</summary>
    private static (Vector256<float> Share, Vector256<float> Square) ToStretch(Vector256<float> x, Vector256<float> y, double x0, double y0, double x1, double y1)
    {
        float dx = (float)(x1 - x0), dy = (float)(y1 - y0), length = dx * dx + dy * dy;
        Vector256<float> fromX = x - Vector256.Create((float)x0), fromY = y - Vector256.Create((float)y0);
        var share = length > 0 ? Lanes.Clamp((fromX * dx + fromY * dy) * (1 / length), 0, 1) : Vector256<float>.Zero;
        Vector256<float> ox = fromX - share * dx, oy = fromY - share * dy;
        return (share, ox * ox + oy * oy);
    }
}
