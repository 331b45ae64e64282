using ILGPU;

namespace BulkImplantScan.Explanation;

/// <summary>Grad-CAM, first half: αₖ = mean over positions of dY/dAₖ.</summary>
/// <remarks>Selvaraju 2017, eq. 1.</remarks>
public static class ChannelMeanKernel
{
    /// <summary>Computes the weight of one channel of one film.</summary>
    /// <param name="map">[0, N·K).</param>
    /// <param name="gradients">dY/dA, fp32 [N, K, H, W].</param>
    /// <param name="alpha">α, fp32 [N, K].</param>
    /// <param name="shape">K, H and W.</param>
    public static void Execute(Index1D map, ArrayView<float> gradients, ArrayView<float> alpha, FeatureMapShape shape)
    {
        // One thread adds a channel in order, as the CPU does. Neighbours read H·W apart, but the maps are coarse (7 × 7):
        // the cache lines that one load leaves half used serve the next ones.
        var first = (long)map.X * shape.Positions;
        var sum = 0f;
        for (var position = 0; position < shape.Positions; position++) sum += gradients[first + position];
        alpha[map] = sum / shape.Positions;
    }
}
