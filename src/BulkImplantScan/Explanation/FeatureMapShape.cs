namespace BulkImplantScan.Explanation;

/// <summary>Shape of one film's feature maps.</summary>
/// <param name="Channels">K.</param>
/// <param name="Height">h in cells.</param>
/// <param name="Width">w in cells.</param>
public readonly record struct FeatureMapShape(int Channels, int Height, int Width)
{
    /// <summary>Cells of one map: h · w.</summary>
    public int Positions => Height * Width;
}
