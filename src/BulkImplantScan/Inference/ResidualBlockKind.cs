namespace BulkImplantScan.Inference;

/// <summary>What is inside a residual block (He 2016, fig. 5).</summary>
public enum ResidualBlockKind
{
    /// <summary>Two 3 × 3 convolutions.</summary>
    Basic,

    /// <summary>1 × 1 to a quarter of the channels, 3 × 3, 1 × 1 back.</summary>
    Bottleneck,
}
