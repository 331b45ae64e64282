using ILGPU;

namespace BulkImplantScan.Explanation;

/// <summary>What the Grad-CAM kernels write of a batch, in memory of the device.</summary>
/// <param name="Alpha">α, fp32 [N, K]: scratch between the two launches.</param>
/// <param name="Pooled">Means of A, fp32 [N, K]: the films' embeddings; the CPU's twin is <see cref="PooledFeatures"/>.</param>
/// <param name="Cam">L, fp32 [N, H, W]: ≥ 0 or NaN, in logit units.</param>
/// <param name="Map8">[N, H, W]: round(255 · L / max), all 0 where a map is empty or not finite.</param>
/// <param name="Measures">[N]; with <see cref="Map8"/> all of a map that need leave the device.</param>
public readonly record struct GradCamResults(
    ArrayView<float> Alpha, ArrayView<float> Pooled, ArrayView<float> Cam, ArrayView<byte> Map8, ArrayView<CamMeasures> Measures);
