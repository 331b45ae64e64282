using ILGPU;

namespace BulkImplantScan.Explanation;

/// <summary>The maximum of each film's map, by which it is normalised.</summary>
public static class PeakKernel
{
    /// <summary>Finds the maximum of one film's map.</summary>
    /// <param name="film">[0, N): one thread a film; a map has some dozens of cells.</param>
    /// <param name="cam">L, fp32 [N, H, W].</param>
    /// <param name="peaks">fp32 [N]: max L, 0 when empty, NaN when any cell is.</param>
    /// <param name="shape">H and W.</param>
    public static void Execute(Index1D film, ArrayView<float> cam, ArrayView<float> peaks, FeatureMapShape shape)
    {
        var first = (long)film.X * shape.Positions;
        var peak = 0f;
        for (var position = 0; position < shape.Positions; position++)
        {
            var value = cam[first + position];
            if (value > peak || float.IsNaN(value)) peak = value;
            if (float.IsNaN(peak)) break; // no number is above it
        }

        peaks[film] = peak;
    }
}
