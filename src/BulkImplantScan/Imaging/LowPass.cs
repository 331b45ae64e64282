namespace BulkImplantScan.Imaging;

/// <summary>The low pass of JPEG 2000's 5/3 wavelet, (−1 2 6 2 −1)/8 (ISO/IEC 15444-1 F.4.8.2), several levels of it at once.</summary>
internal static class LowPass
{
    private static readonly float[][] Levels = All();

    /// <summary>Taps of so many levels, 1 to 4, about the sample that is kept.</summary>
    public static ReadOnlySpan<float> Taps(int levels) => Levels[Math.Min(levels, Levels.Length) - 1];

    private static float[][] All()
    {
        ReadOnlySpan<float> low = [-1 / 8f, 2 / 8f, 6 / 8f, 2 / 8f, -1 / 8f];
        var levels = new float[4][];
        levels[0] = low.ToArray();
        for (var level = 1; level < levels.Length; level++)
        {
            // The next level's taps lie twice as far apart as the last level's.
            var spread = 1 << level;
            var last = levels[level - 1];
            var taps = levels[level] = new float[last.Length + (4 * spread)];
            for (var i = 0; i < low.Length; i++)
                for (var j = 0; j < last.Length; j++) taps[(i * spread) + j] += low[i] * last[j];
        }

        return levels;
    }
}
