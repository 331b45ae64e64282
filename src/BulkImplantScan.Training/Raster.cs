namespace BulkImplantScan.Training;

/// <summary>Draws shapes into a film's brightness, [side, side], 0 to 65,535; lengths and places are shares of its side.</summary>
internal static class Raster
{
    private const float Full = ushort.MaxValue;

    /// <summary>A rod with round ends: the distance to a line, brighter towards its middle when it is filled.</summary>
    /// <param name="film">Changed in place.</param>
    /// <param name="side">H and W.</param>
    /// <param name="from">One end.</param>
    /// <param name="to">The other end.</param>
    /// <param name="radius">Half its width.</param>
    /// <param name="shade">From the distance to the axis, 0 in the middle to 1 at the edge, to the brightness that is added, −1 to 1.</param>
    public static void Rod(Span<ushort> film, int side, (float X, float Y) from, (float X, float Y) to, float radius, Func<float, float> shade)
    {
        var (x0, y0, dx, dy, r) = (from.X * side, from.Y * side, (to.X - from.X) * side, (to.Y - from.Y) * side, Math.Max(radius * side, 0.6f));
        var length = Math.Max(dx * dx + dy * dy, 1e-3f);
        int top = (int)Math.Clamp(Math.Min(y0, y0 + dy) - r, 0, side), bottom = (int)Math.Clamp(Math.Max(y0, y0 + dy) + r + 2, 0, side);
        int left = (int)Math.Clamp(Math.Min(x0, x0 + dx) - r, 0, side), right = (int)Math.Clamp(Math.Max(x0, x0 + dx) + r + 2, 0, side);
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var along = Math.Clamp(((x - x0) * dx + (y - y0) * dy) / length, 0, 1);
                var (px, py) = (x - x0 - along * dx, y - y0 - along * dy);
                var away = MathF.Sqrt(px * px + py * py) / r;
                if (away <= 1) Add(film, y * side + x, shade(away));
            }
        }
    }

    /// <summary>An ellipse, turned.</summary>
    /// <param name="film">Changed in place.</param>
    /// <param name="side">H and W.</param>
    /// <param name="centre">Its middle.</param>
    /// <param name="radii">Along its own axes.</param>
    /// <param name="angle">Of its first axis, in radians.</param>
    /// <param name="shade">As for <see cref="Rod"/>.</param>
    public static void Ellipse(Span<ushort> film, int side, (float X, float Y) centre, (float X, float Y) radii, float angle, Func<float, float> shade)
    {
        var (cx, cy, a, b) = (centre.X * side, centre.Y * side, Math.Max(radii.X * side, 0.6f), Math.Max(radii.Y * side, 0.6f));
        var (sin, cos) = MathF.SinCos(angle);
        var reach = Math.Max(a, b);
        int top = (int)Math.Clamp(cy - reach, 0, side), bottom = (int)Math.Clamp(cy + reach + 1, 0, side);
        int left = (int)Math.Clamp(cx - reach, 0, side), right = (int)Math.Clamp(cx + reach + 1, 0, side);
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var (u, v) = ((cos * (x - cx) + sin * (y - cy)) / a, (cos * (y - cy) - sin * (x - cx)) / b);
                var away = MathF.Sqrt(u * u + v * v);
                if (away <= 1) Add(film, y * side + x, shade(away));
            }
        }
    }

    private static void Add(Span<ushort> film, int at, float share) => film[at] = (ushort)Math.Clamp(film[at] + share * Full, 0, Full);
}
