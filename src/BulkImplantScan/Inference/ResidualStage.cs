namespace BulkImplantScan.Inference;

/// <summary>A run of basic residual blocks of one width.</summary>
/// <param name="Channels">Width, 1 to 1024.</param>
/// <param name="Blocks">Blocks, 1 to 16; each is two 3 × 3 convolutions and a sum.</param>
/// <param name="Stride">Of the first block: 1 or 2.</param>
public sealed record ResidualStage(int Channels, int Blocks, int Stride);
