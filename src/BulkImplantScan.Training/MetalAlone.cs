namespace BulkImplantScan.Training;

/// <summary>Leaves of a film nothing but its metal, on even ground: which device it is has to be read off the device, not off what
/// usually lies around it (after Patel 2021, who masked films to their metal).</summary>
internal static class MetalAlone
{
    // A cell of the mask with this share of metal shows all of it: screws are thinner than a cell.
    private const float Whole = 0.3f;

    // Cells that far are asked for the tissue that a place would show without its metal.
    private const int Reach = 5;

    // Metal on even ground is nearly white; of all of it, this share is darker than what becomes so.
    private const double Brightest = 0.95;

    private const double BesideShare = 0.5;

    /// <summary>Draws it.</summary>
    /// <param name="film">Brightness, [side, side], 0 to 65,535.</param>
    /// <param name="side">H and W.</param>
    /// <param name="mask">Share of metal, 0 to 255, [m, m].</param>
    /// <param name="random">Of the ground's brightness, the metal's, and what of the ground lies on the film.</param>
    /// <param name="target">[side, side].</param>
    public static void Draw(ReadOnlySpan<ushort> film, int side, ReadOnlySpan<byte> mask, Random random, Span<ushort> target)
    {
        const float full = ushort.MaxValue;
        var most = Extract(film, side, mask, target);
        var ground = (0.06f + 0.34f * random.NextSingle()) * full;
        var (tiltX, tiltY) = ((random.NextSingle() - 0.5f) * 0.4f * ground / side, (random.NextSingle() - 0.5f) * 0.4f * ground / side); // heel effect
        var gain = (0.6f + 0.4f * random.NextSingle()) / Math.Max(most, 1);

        // Beside a film that is less wide than high there is nothing.
        var beside = random.NextDouble() < BesideShare ? random.Next(side / 5) : 0;
        for (var y = 0; y < side; y++)
        {
            var row = target.Slice(y * side, side);
            for (var x = 0; x < side; x++)
            {
                var even = ground + tiltX * x + tiltY * y;
                row[x] = row[x] == 0 && (x < beside || x >= side - beside) ? (ushort)0 : (ushort)float.Lerp(even, full, Math.Min(row[x] * gain, 1));
            }
        }
    }

    // How far the metal lies between its tissue and white, 0 to 65,535, 0 where there is none; returns the brightness of nearly all of it.
    private static int Extract(ReadOnlySpan<ushort> film, int side, ReadOnlySpan<byte> mask, Span<ushort> target)
    {
        const float full = ushort.MaxValue;
        var across = (int)Math.Sqrt(mask.Length);
        var tissue = Tissue(film, side, mask, across);
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        var count = 0;
        for (var y = 0; y < side; y++)
        {
            var (upper, lower, down) = Between(y, side, across);
            for (var x = 0; x < side; x++)
            {
                var (left, right, along) = Between(x, side, across);
                var above = float.Lerp(mask[upper * across + left], mask[upper * across + right], along);
                var below = float.Lerp(mask[lower * across + left], mask[lower * across + right], along);
                var share = Math.Min(float.Lerp(above, below, down) / (255 * Whole), 1);
                var bare = tissue[y * across / side * across + x * across / side];
                var metal = share == 0 ? 0 : share * Math.Clamp((film[y * side + x] - bare) / Math.Max(full - bare, 1), 0, 1);
                var value = target[y * side + x] = (ushort)(metal * full);
                if (value < 256) continue;
                histogram[value >> 8]++;
                count++;
            }
        }

        for (int bin = 0, below = 0; bin < 256; bin++)
            if ((below += histogram[bin]) >= Brightest * count) return bin << 8 | 255;
        return ushort.MaxValue;
    }

    // Mean brightness of the cells around each cell that show no metal.
    private static float[] Tissue(ReadOnlySpan<ushort> film, int side, ReadOnlySpan<byte> mask, int across)
    {
        // Of all cells above and left of one: sums of brightness and numbers of pixels, without metal.
        var stride = across + 1;
        var (sums, counts) = (new double[stride * stride], new int[stride * stride]);
        for (var y = 0; y < across; y++)
            for (var x = 0; x < across; x++)
            {
                double sum = 0;
                var count = 0;
                if (mask[y * across + x] == 0)
                    for (var row = y * side / across; row < (y + 1) * side / across; row++)
                        for (var column = x * side / across; column < (x + 1) * side / across; column++, count++) sum += film[row * side + column];
                var at = (y + 1) * stride + x + 1;
                sums[at] = sum + sums[at - 1] + sums[at - stride] - sums[at - stride - 1];
                counts[at] = count + counts[at - 1] + counts[at - stride] - counts[at - stride - 1];
            }

        // Inside of large metal no tissue is near: that of the whole film then.
        var (anywhere, pixels) = (sums[^1], counts[^1]);
        var tissue = new float[across * across];
        for (var y = 0; y < across; y++)
            for (var x = 0; x < across; x++)
            {
                int top = Math.Max(0, y - Reach) * stride, bottom = Math.Min(across, y + Reach + 1) * stride;
                int left = Math.Max(0, x - Reach), right = Math.Min(across, x + Reach + 1);
                var count = counts[bottom + right] - counts[bottom + left] - counts[top + right] + counts[top + left];
                tissue[y * across + x] = (float)(count == 0 ? anywhere / Math.Max(pixels, 1) : (sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left]) / count);
            }

        return tissue;
    }

    // Cells whose middles a pixel's middle lies between.
    private static (int First, int Second, float Share) Between(int pixel, int side, int across)
    {
        var at = Math.Clamp((pixel + 0.5f) * across / side - 0.5f, 0, across - 1);
        var first = (int)at;
        return (first, Math.Min(first + 1, across - 1), at - first);
    }
}
