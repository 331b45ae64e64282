using ILGPU;

namespace BulkImplantScan.Explanation;

/// <summary>Grad-CAM, second half: L = ReLU(Σₖ αₖAₖ).</summary>
/// <remarks>Selvaraju 2017, eq. 2. Unnormalised: the maximum is a column of the row.</remarks>
public static class WeightedSumKernel
{
    /// <summary>Computes one cell of one film's map.</summary>
    /// <param name="cell">[0, N·H·W); neighbours read neighbours, so loads coalesce.</param>
    /// <param name="featureMaps">A, fp32 [N, K, H, W].</param>
    /// <param name="alpha">α, fp32 [N, K].</param>
    /// <param name="cam">L, fp32 [N, H, W], ≥ 0 or NaN, in logit units.</param>
    /// <param name="shape">K, H and W.</param>
    public static void Execute(
        Index1D cell, ArrayView<float> featureMaps, ArrayView<float> alpha, ArrayView<float> cam, FeatureMapShape shape)
    {
        int film = cell / shape.Positions;
        int position = cell % shape.Positions;

        // One thread adds all channels in order. A split sum may be faster for large K, but its order would follow the
        // launch, and a row must not depend on the batch size.
        var sum = 0f;
        for (var k = 0; k < shape.Channels; k++)
        {
            var map = (long)film * shape.Channels + k;
            sum += alpha[map] * featureMaps[map * shape.Positions + position];
        }

        cam[cell] = sum < 0f ? 0f : sum; // not Max(0, sum): NaN must reach the row's status
    }
}
