using BulkImplantScan.Imaging;

namespace BulkImplantScan.Training;

/// <summary>Draws another film of the same device: pose, exposure, grain and occlusion change, the answer does not.</summary>
/// <remarks>Mirroring is one of them: no class has a side. What an implant is told apart by (edges, threads) is not blurred.</remarks>
internal static class Augmentation
{
    private const float Scale = 0.18f, RotationDegrees = 10, Shift = 0.08f;
    private const float Gamma = 0.35f, Contrast = 0.25f, Brightness = 0.12f, Grain = 0.025f;
    private const double MirrorShare = 0.5, EraseShare = 0.35;

    // These are not turned, scaled or shifted: resampling softens threads, and films to be judged are not resampled a second time.
    private const double UnmovedShare = 0.3;
    private const float Full = ushort.MaxValue;

    /// <summary>Writes one drawn film, normalised.</summary>
    /// <param name="source">Brightness, [side, side], 0 to 65,535.</param>
    /// <param name="input">Normalisation; its height and width are side.</param>
    /// <param name="random">Of this film in this epoch alone, so that the order of threads does not matter.</param>
    /// <param name="target">fp32 [side, side].</param>
    public static void Draw(ReadOnlySpan<ushort> source, InputGeometry input, Random random, Span<float> target) =>
        Draw(source, [], input, random, target, []);

    /// <summary>Writes one drawn film, normalised, and its mask in the same pose.</summary>
    /// <param name="source">Brightness, [side, side], 0 to 65,535.</param>
    /// <param name="mask">Share of metal, 0 to 255, [m, m] of any m; empty where there is none.</param>
    /// <param name="input">Normalisation; its height and width are side.</param>
    /// <param name="random">Of this film in this epoch alone, so that the order of threads does not matter.</param>
    /// <param name="target">fp32 [side, side].</param>
    /// <param name="maskTarget">Share of metal, 0 to 1, [m, m].</param>
    public static void Draw(
        ReadOnlySpan<ushort> source, ReadOnlySpan<byte> mask, InputGeometry input, Random random, Span<float> target, Span<float> maskTarget)
    {
        var side = input.Height;
        var moved = random.NextDouble() < UnmovedShare ? 0f : 1f;
        var angle = Uniform(random, moved * RotationDegrees) * MathF.PI / 180;
        var scale = MathF.Exp(Uniform(random, moved * Scale));
        var mirror = random.NextDouble() < MirrorShare ? -1f : 1f;
        var (cos, sin) = (MathF.Cos(angle) / scale, MathF.Sin(angle) / scale);
        var centre = (side - 1) / 2f;
        var (shiftX, shiftY) = (Uniform(random, moved * Shift) * side, Uniform(random, moved * Shift) * side);
        var gamma = MathF.Exp(Uniform(random, Gamma));
        var contrast = (1 + Uniform(random, Contrast)) / Full;
        var brightness = Uniform(random, Brightness);
        var grain = random.NextSingle() * Grain * MathF.Sqrt(12); // of a uniform variable of width 1

        // Gamma by table: a power per pixel would cost more than all the rest.
        Span<float> curve = stackalloc float[257];
        for (var i = 0; i < curve.Length; i++) curve[i] = MathF.Pow(i / 256f, gamma) * Full;

        var (gain, offset) = (1 / input.StandardDeviation[0], -input.Mean[0] / input.StandardDeviation[0]);
        for (var y = 0; y < side; y++)
        {
            var row = target.Slice(y * side, side);
            var (u, v) = (y - centre - shiftY, -centre - shiftX);
            for (var x = 0; x < side; x++)
            {
                // Target to source: turned, scaled, mirrored about the centre.
                var dx = v + x;
                var sx = mirror * (cos * dx + sin * u) + centre;
                var sy = -sin * dx + cos * u + centre;
                var value = Bilinear(source, side, sx, sy);
                var at = value * (256 / Full);
                var step = Math.Min((int)at, 255);
                var curved = curve[step] + (curve[step + 1] - curve[step]) * (at - step);
                var shown = (curved - Full / 2) * contrast + 0.5f + brightness + (random.NextSingle() - 0.5f) * grain;
                row[x] = Math.Clamp(shown, 0f, 1f) * gain + offset;
            }
        }

        if (random.NextDouble() < EraseShare) Erase(random, side, target);
        if (mask.IsEmpty) return;

        // The same pose, in the mask's own raster: both cover the film evenly, so only shifts are in other pixels.
        var across = (int)Math.Sqrt(mask.Length);
        var middle = (across - 1) / 2f;
        var (moveX, moveY) = (shiftX * across / side, shiftY * across / side);
        for (var y = 0; y < across; y++)
        {
            for (var x = 0; x < across; x++)
            {
                var (dx, dy) = (x - middle - moveX, y - middle - moveY);
                int sx = (int)MathF.Round(mirror * (cos * dx + sin * dy) + middle), sy = (int)MathF.Round(-sin * dx + cos * dy + middle);
                maskTarget[y * across + x] = (uint)sx < (uint)across && (uint)sy < (uint)across ? mask[sy * across + sx] / 255f : 0;
            }
        }
    }

    /// <summary>Writes a film, normalised, and its mask as they are.</summary>
    /// <param name="source">Brightness, [side, side], 0 to 65,535.</param>
    /// <param name="mask">Share of metal, 0 to 255; empty where there is none.</param>
    /// <param name="input">Normalisation.</param>
    /// <param name="target">fp32 [side, side].</param>
    /// <param name="maskTarget">Share of metal, 0 to 1.</param>
    public static void AsItIs(ReadOnlySpan<ushort> source, ReadOnlySpan<byte> mask, InputGeometry input, Span<float> target, Span<float> maskTarget)
    {
        for (var i = 0; i < source.Length; i++) target[i] = (source[i] / Full - input.Mean[0]) / input.StandardDeviation[0];
        for (var i = 0; i < mask.Length; i++) maskTarget[i] = mask[i] / 255f;
    }

    // A rectangle of one brightness: no single place may carry the answer (Zhong 2020).
    private static void Erase(Random random, int side, Span<float> target)
    {
        var (height, width) = (random.Next(side / 16, side / 5), random.Next(side / 16, side / 5));
        var (top, left) = (random.Next(side - height), random.Next(side - width));
        var value = target[random.Next(target.Length)];
        for (var y = top; y < top + height; y++) target.Slice(y * side + left, width).Fill(value);
    }

    // Outside is black, as beside a letterboxed film.
    private static float Bilinear(ReadOnlySpan<ushort> source, int side, float x, float y)
    {
        if (x <= -1 || y <= -1 || x >= side || y >= side) return 0;
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (fx, fy) = (x - left, y - top);
        if (left >= 0 && top >= 0 && left < side - 1 && top < side - 1)
        {
            var at = top * side + left;
            var upper = source[at] + (source[at + 1] - source[at]) * fx;
            var lower = source[at + side] + (source[at + side + 1] - source[at + side]) * fx;
            return upper + (lower - upper) * fy;
        }

        float sum = 0;
        for (var dy = 0; dy < 2; dy++)
            for (var dx = 0; dx < 2; dx++)
                if (left + dx >= 0 && top + dy >= 0 && left + dx < side && top + dy < side)
                    sum += source[(top + dy) * side + left + dx] * (dx == 0 ? 1 - fx : fx) * (dy == 0 ? 1 - fy : fy);
        return sum;
    }

    private static float Uniform(Random random, float range) => (random.NextSingle() * 2 - 1) * range;
}
