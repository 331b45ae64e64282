using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Explanation;

/// <summary>The Grad-CAM kernels loaded on one accelerator, and their launches; the CPU's twin is <see cref="GradCamSimd"/>.</summary>
/// <remarks>Load before anything is captured in a CUDA graph; launches only enqueue. Not for several threads at once.</remarks>
public sealed class GradCamKernels(Accelerator accelerator)
{
    private readonly Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<float>, FeatureMapShape> _channelMean =
        accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>, ArrayView<float>, FeatureMapShape>(ChannelMeanKernel.Execute);

    private readonly Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, FeatureMapShape>
        _weightedSum = accelerator.LoadAutoGroupedKernel<
            Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, FeatureMapShape>(WeightedSumKernel.Execute);

    private readonly Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<float>, FeatureMapShape> _peak =
        accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>, ArrayView<float>, FeatureMapShape>(PeakKernel.Execute);

    private readonly Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<float>, ArrayView<byte>, FeatureMapShape>
        _normalise = accelerator.LoadAutoGroupedKernel<
            Index1D, ArrayView<float>, ArrayView<float>, ArrayView<byte>, FeatureMapShape>(NormaliseKernel.Execute);

    /// <summary>Enqueues the maps of a batch: eq. 1, then eq. 2 of Selvaraju 2017.</summary>
    /// <param name="stream">The stream of the network's run.</param>
    /// <param name="featureMaps">A, fp32 [N, K, H, W], as the network wrote it.</param>
    /// <param name="gradients">dY/dA of the explained class, fp32 [N, K, H, W].</param>
    /// <param name="alpha">Scratch for α, fp32 [N, K].</param>
    /// <param name="cam">L, fp32 [N, H, W], written completely: ≥ 0 or NaN, in logit units.</param>
    /// <param name="films">N, 0 or more; views may hold more films, which are left alone.</param>
    /// <param name="shape">K, H and W.</param>
    /// <exception cref="ArgumentException">A view too short for that many films.</exception>
    public void Launch(
        AcceleratorStream stream, ArrayView<float> featureMaps, ArrayView<float> gradients, ArrayView<float> alpha,
        ArrayView<float> cam, int films, FeatureMapShape shape)
    {
        Require(featureMaps.Length, films, shape.Length, nameof(featureMaps));
        Require(gradients.Length, films, shape.Length, nameof(gradients));
        Require(alpha.Length, films, shape.Channels, nameof(alpha));
        Require(cam.Length, films, shape.Positions, nameof(cam));
        if (films == 0) return;
        _channelMean(stream, films * shape.Channels, gradients, alpha, shape);
        _weightedSum(stream, films * shape.Positions, featureMaps, alpha, cam, shape);
    }

    /// <summary>Enqueues the mean of each feature map: the films' embeddings; the CPU's twin is <see cref="PooledFeatures"/>.</summary>
    /// <param name="stream">The stream of the network's run.</param>
    /// <param name="featureMaps">A, fp32 [N, K, H, W].</param>
    /// <param name="pooled">fp32 [N, K].</param>
    /// <param name="films">N, 0 or more.</param>
    /// <param name="shape">K, H and W.</param>
    /// <exception cref="ArgumentException">A view too short for that many films.</exception>
    public void LaunchPooledFeatures(
        AcceleratorStream stream, ArrayView<float> featureMaps, ArrayView<float> pooled, int films, FeatureMapShape shape)
    {
        Require(featureMaps.Length, films, shape.Length, nameof(featureMaps));
        Require(pooled.Length, films, shape.Channels, nameof(pooled));
        if (films > 0) _channelMean(stream, films * shape.Channels, featureMaps, pooled, shape);
    }

    /// <summary>Enqueues the coarse maps in 8 bits, which are all of a map that need leave the device.</summary>
    /// <param name="stream">The stream of <see cref="Launch"/>.</param>
    /// <param name="cam">L, fp32 [N, H, W].</param>
    /// <param name="map8">[N, H, W]: round(255 · L / max), all 0 where a map is empty or not finite.</param>
    /// <param name="peaks">fp32 [N]: max L, 0 when empty, NaN or ∞ when not finite.</param>
    /// <param name="films">N, 0 or more.</param>
    /// <param name="shape">H and W.</param>
    /// <exception cref="ArgumentException">A view too short for that many films.</exception>
    public void LaunchNormalise(
        AcceleratorStream stream, ArrayView<float> cam, ArrayView<byte> map8, ArrayView<float> peaks, int films,
        FeatureMapShape shape)
    {
        Require(cam.Length, films, shape.Positions, nameof(cam));
        Require(map8.Length, films, shape.Positions, nameof(map8));
        Require(peaks.Length, films, 1, nameof(peaks));
        if (films == 0) return;
        _peak(stream, films, cam, peaks, shape);
        _normalise(stream, films * shape.Positions, cam, peaks, map8, shape);
    }

    private static void Require(long length, int films, int perFilm, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(films);
        if (length < (long)films * perFilm) throw new ArgumentException($"{length} values for {films} films of {perFilm}", name);
    }
}
