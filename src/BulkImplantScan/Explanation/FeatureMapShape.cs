namespace BulkImplantScan.Explanation;

/// <summary>Shape of the last feature maps of a network for one film; blittable, so kernels take it as it is.</summary>
/// <param name="Channels">K, 1 or more.</param>
/// <param name="Height">H, rows of cells.</param>
/// <param name="Width">W, columns of cells.</param>
public readonly record struct FeatureMapShape(int Channels, int Height, int Width)
{
    /// <summary>Cells of one map: H · W.</summary>
    public int Positions => Height * Width;

    /// <summary>Values of one film: K · H · W.</summary>
    public int Length => Channels * Positions;
}
