namespace BulkImplantScan.Explanation;

/// <summary>Global average of each feature map: the film's embedding, by which similar films can be found.</summary>
public static class PooledFeatures
{
    /// <summary>pooled[n, k] = mean over positions of A[n, k].</summary>
    /// <param name="featureMaps">A, fp32 [N, K, H, W].</param>
    /// <param name="shape">K, H and W.</param>
    /// <param name="pooled">fp32 [N, K]; NaN where a map holds one.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Compute(ReadOnlySpan<float> featureMaps, FeatureMapShape shape, Span<float> pooled)
    {
        if (featureMaps.Length != pooled.Length * shape.Positions) throw new ArgumentException("not N · K", nameof(pooled));
        for (var k = 0; k < pooled.Length; k++)
        {
            var sum = 0f; // in one order, so that a row does not depend on the width of a vector
            foreach (var value in featureMaps.Slice(k * shape.Positions, shape.Positions)) sum += value;
            pooled[k] = sum / shape.Positions;
        }
    }
}
