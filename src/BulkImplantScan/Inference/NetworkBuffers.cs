namespace BulkImplantScan.Inference;

/// <summary>Where a batch's input and outputs lie: fp32, contiguous, owned by the caller, who keeps them in place until the
/// <see cref="BoundBatch"/> is disposed.</summary>
/// <param name="Input">Address of [N, C, H, W].</param>
/// <param name="Logits">Address of [N, classes].</param>
/// <param name="FeatureMaps">Address of A, [N, K, h, w].</param>
/// <param name="Gradients">Address of ∂Y_c/∂A, [N, K, h, w].</param>
/// <param name="Memory">Kind of memory of all four.</param>
public readonly record struct NetworkBuffers(nint Input, nint Logits, nint FeatureMaps, nint Gradients, NetworkMemory Memory);
