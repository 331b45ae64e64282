using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Imaging;

/// <summary>The kernels of the percentile window loaded on one accelerator, and their launches.</summary>
/// <remarks>Load before anything is captured in a CUDA graph; launches only enqueue. Not for several threads at once.</remarks>
public sealed class PercentileKernels(Accelerator accelerator)
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<FilmDescriptor>, ArrayView<PercentileRequest>, ArrayView<EightBytes>,
        ArrayView<EightWords>, ArrayView<int>, int> _histogram = accelerator.LoadKernel<ArrayView<FilmDescriptor>, ArrayView<PercentileRequest>,
        ArrayView<EightBytes>, ArrayView<EightWords>, ArrayView<int>, int>(HistogramKernel.Execute);

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<FilmDescriptor>, ArrayView<PercentileRequest>, ArrayView<int>,
        ArrayView<StoredWindow>, int> _window = accelerator.LoadKernel<ArrayView<FilmDescriptor>, ArrayView<PercentileRequest>,
        ArrayView<int>, ArrayView<StoredWindow>, int>(PercentileWindowKernel.Execute);

    private readonly int _histogramGroup = Math.Min(HistogramKernel.LargestGroup, accelerator.MaxNumThreadsPerGroup);
    private readonly int _windowGroup = Math.Min(PercentileWindowKernel.LargestGroup, accelerator.MaxNumThreadsPerGroup);

    /// <summary>Enqueues the windows of a batch: two launches, four where a film has more than 12 bits.</summary>
    /// <param name="stream">The stream on which the slab was copied, or which waits for that; before the preprocessing.</param>
    /// <param name="slab">On the device: the first <see cref="FilmBatchPacker.Bytes"/> bytes of a packed slab, at least. The
    /// descriptors of its films are rewritten, but for those that need a table.</param>
    /// <param name="requests">[N].</param>
    /// <param name="counters">Scratch, [N, <see cref="HistogramKernel.CountersPerFilm"/>].</param>
    /// <param name="windows">[N].</param>
    /// <param name="films">N, 0 or more.</param>
    /// <param name="mostBits">Largest Bits Stored of the batch.</param>
    /// <exception cref="ArgumentException">A view too short for that many films.</exception>
    public void Launch(
        AcceleratorStream stream, ArrayView<byte> slab, ArrayView<PercentileRequest> requests, ArrayView<int> counters,
        ArrayView<StoredWindow> windows, int films, int mostBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(films);
        if (films == 0) return;
        if (slab.Length < (long)films * FilmDescriptor.Bytes) throw new ArgumentException("shorter than its descriptors", nameof(slab));
        if (requests.Length < films) throw new ArgumentException("not N", nameof(requests));
        if (counters.Length < (long)films * HistogramKernel.CountersPerFilm) throw new ArgumentException("too short for that many films", nameof(counters));
        if (windows.Length < films) throw new ArgumentException("not N", nameof(windows));

        var whole = slab.SubView(0, slab.Length / FilmBatchPacker.Alignment * FilmBatchPacker.Alignment);
        var descriptors = slab.SubView(0, (long)films * FilmDescriptor.Bytes).Cast<FilmDescriptor>();
        counters.SubView(0, (long)films * HistogramKernel.CountersPerFilm).MemSetToZero(stream);
        for (var isFine = 0; isFine <= (mostBits > HistogramKernel.CoarseBits ? 1 : 0); isFine++)
        {
            _histogram(
                stream, new KernelConfig(films * HistogramKernel.BandsPerFilm, _histogramGroup), descriptors, requests,
                whole.Cast<EightBytes>(), whole.Cast<EightWords>(), counters, isFine);
            _window(stream, new KernelConfig(films, _windowGroup), descriptors, requests, counters, windows, isFine);
        }
    }
}
