using BulkImplantScan.Imaging;
using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Explanation;

/// <summary>The Grad-CAM kernels loaded on one accelerator, and their launches, two a batch; the CPU's twin is <see cref="GradCamSimd"/>.</summary>
/// <remarks>Load before anything is captured in a CUDA graph; launches only enqueue. Not for several threads at once.</remarks>
public sealed class GradCamKernels(Accelerator accelerator)
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int>
        _channelMeans = accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int>(
            ChannelMeansKernel.Execute);

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<FilmDescriptor>, ArrayView<float>, ArrayView<float>,
        ArrayView<float>, ArrayView<byte>, ArrayView<CamMeasures>, FeatureMapShape, int, int> _cam =
        accelerator.LoadKernel<ArrayView<FilmDescriptor>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<byte>,
            ArrayView<CamMeasures>, FeatureMapShape, int, int>(CamKernel.Execute);

    private readonly int _meansGroup = Math.Min(ChannelMeansKernel.LargestGroup, accelerator.MaxNumThreadsPerGroup);
    private readonly int _camGroup = Math.Min(CamKernel.LargestGroup, accelerator.MaxNumThreadsPerGroup);

    /// <summary>Enqueues the maps of a batch with all that rows keep of them: eq. 1, then eq. 2 of Selvaraju 2017.</summary>
    /// <param name="stream">The stream of the network's run.</param>
    /// <param name="slab">The packed slab that the batch was preprocessed from, on the device: its descriptors say where films lie.</param>
    /// <param name="featureMaps">A, fp32 [N, K, H, W], as the network wrote it.</param>
    /// <param name="gradients">dY/dA of the explained class, fp32 [N, K, H, W].</param>
    /// <param name="results">Written for all <paramref name="films"/>.</param>
    /// <param name="films">N, 0 or more; views may hold more films, which are left alone.</param>
    /// <param name="shape">K, H and W.</param>
    /// <param name="input">The network's input, which a map covers evenly.</param>
    /// <exception cref="ArgumentException">A view too short for that many films.</exception>
    public void Launch(
        AcceleratorStream stream, ArrayView<byte> slab, ArrayView<float> featureMaps, ArrayView<float> gradients, GradCamResults results,
        int films, FeatureMapShape shape, InputGeometry input)
    {
        Require(featureMaps.Length, films, shape.Length, nameof(featureMaps));
        Require(gradients.Length, films, shape.Length, nameof(gradients));
        Require(results.Alpha.Length, films, shape.Channels, nameof(results.Alpha));
        Require(results.Pooled.Length, films, shape.Channels, nameof(results.Pooled));
        Require(results.Cam.Length, films, shape.Positions, nameof(results.Cam));
        Require(results.Map8.Length, films, shape.Positions, nameof(results.Map8));
        Require(results.Measures.Length, films, 1, nameof(results.Measures));
        Require(slab.Length, films, FilmDescriptor.Bytes, nameof(slab));
        if (films == 0) return;

        var maps = films * shape.Channels;
        _channelMeans(
            stream, new KernelConfig(2 * ((maps + _meansGroup - 1) / _meansGroup), _meansGroup),
            gradients, featureMaps, results.Alpha.SubView(0, maps), results.Pooled.SubView(0, maps), shape.Positions);
        _cam(
            stream, new KernelConfig(films, _camGroup), slab.SubView(0, (long)films * FilmDescriptor.Bytes).Cast<FilmDescriptor>(),
            featureMaps, results.Alpha, results.Cam, results.Map8, results.Measures, shape, input.Height, input.Width);
    }

    private static void Require(long length, int films, int perFilm, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(films);
        if (length < (long)films * perFilm) throw new ArgumentException($"{length} values for {films} films of {perFilm}", name);
    }
}
