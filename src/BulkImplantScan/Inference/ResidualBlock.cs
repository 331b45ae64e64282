namespace BulkImplantScan.Inference;

/// <summary>One block of a <see cref="ResidualArchitecture"/>: ReLU(path(x) + shortcut(x)), a ReLU between the convolutions of the path.</summary>
/// <param name="Name">Prefix of the names of its convolutions.</param>
/// <param name="Path">In the order in which they are applied.</param>
/// <param name="Shortcut">A 1 × 1 convolution where the block's output has another shape than its input; null where x itself is added.</param>
public sealed record ResidualBlock(string Name, IReadOnlyList<ResidualConvolution> Path, ResidualConvolution? Shortcut);
