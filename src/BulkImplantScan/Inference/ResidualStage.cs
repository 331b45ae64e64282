namespace BulkImplantScan.Inference;

/// <summary>A run of residual blocks of one width.</summary>
/// <param name="Channels">Width of what the blocks give, 1 to 2048; a multiple of 4 for bottlenecks.</param>
/// <param name="Blocks">Blocks, 1 to 16.</param>
/// <param name="Stride">Of the first block: 1 or 2.</param>
public sealed record ResidualStage(int Channels, int Blocks, int Stride)
{
    /// <summary>Width between the two convolutions of a basic block; null = <see cref="Channels"/>.</summary>
    public int? InnerChannels { get; init; }
}
