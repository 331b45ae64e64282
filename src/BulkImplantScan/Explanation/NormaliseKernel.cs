using ILGPU;

namespace BulkImplantScan.Explanation;

/// <summary>Each film's map divided by its maximum, in 8 bits.</summary>
public static class NormaliseKernel
{
    /// <summary>Computes one cell of one film's coarse map.</summary>
    /// <param name="cell">[0, N·H·W).</param>
    /// <param name="cam">L, fp32 [N, H, W].</param>
    /// <param name="peaks">fp32 [N], from <see cref="PeakKernel"/>.</param>
    /// <param name="map8">[N, H, W]: round(255 · L / max), 0 where the map is empty or not finite.</param>
    /// <param name="shape">H and W.</param>
    public static void Execute(
        Index1D cell, ArrayView<float> cam, ArrayView<float> peaks, ArrayView<byte> map8, FeatureMapShape shape)
    {
        var peak = peaks[cell / shape.Positions];
        map8[cell] = peak > 0f && peak <= float.MaxValue ? (byte)(cam[cell] / peak * 255f + 0.5f) : (byte)0;
    }
}
