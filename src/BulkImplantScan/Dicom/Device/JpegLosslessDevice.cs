using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Dicom.Device;

/// <summary>The kernels that decode JPEG lossless, loaded on one accelerator, and the memory between them.</summary>
/// <remarks>Everything is enqueued; the host waits only to read <see cref="JpegLosslessBatch.Fault"/>, with whatever else it waits for. All
/// launches must be on one stream, one thread at a time: they share the memory between the kernels, 2 bytes a pixel and some for each
/// sub-sequence of 128 bytes. It grows, with a wait for the stream, when a batch is larger than all before: <see cref="Reserve"/> at start-up
/// spares that. Load before anything is captured in a CUDA graph.</remarks>
public sealed class JpegLosslessDevice : IDisposable
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<JpegDeviceFilm>, ArrayView<uint>, ArrayView<ushort>, ArrayView<int>,
        ArrayView<int>, ArrayView<int>> _synchronise;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<JpegDeviceFilm>, ArrayView<uint>, ArrayView<ushort>, ArrayView<int>,
        ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<int>> _join;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<JpegDeviceFilm>, ArrayView<uint>, ArrayView<ushort>, ArrayView<int>,
        ArrayView<int>, ArrayView<int>, ArrayView<ushort>, ArrayView<int>> _differences;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<JpegDeviceFilm>, ArrayView<ushort>, ArrayView<int>> _firstColumn;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<JpegDeviceFilm>, ArrayView<ushort>, ArrayView<int>, ArrayView<byte>,
        ArrayView<ushort>, ArrayView<int>> _rows;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<JpegDeviceFilm>, ArrayView<ushort>, ArrayView<byte>, ArrayView<ushort>,
        ArrayView<int>> _wavefront;

    private MemoryBuffer1D<ushort, Stride1D.Dense>? _differenceBuffer;
    private MemoryBuffer1D<int, Stride1D.Dense>? _stateBuffer, _positionBuffer, _startBuffer, _rowSumBuffer;

    /// <summary>Compiles the kernels for the accelerator.</summary>
    public JpegLosslessDevice(Accelerator accelerator)
    {
        Accelerator = accelerator;
        GroupSize = Math.Min(JpegSubsequence.LargestGroup, accelerator.MaxNumThreadsPerGroup);
        _synchronise = accelerator.LoadKernel<ArrayView<JpegDeviceFilm>, ArrayView<uint>, ArrayView<ushort>, ArrayView<int>, ArrayView<int>,
            ArrayView<int>>(JpegSynchroniseKernel.Execute);
        _join = accelerator.LoadKernel<ArrayView<JpegDeviceFilm>, ArrayView<uint>, ArrayView<ushort>, ArrayView<int>, ArrayView<int>,
            ArrayView<int>, ArrayView<int>, ArrayView<int>>(JpegJoinKernel.Execute);
        _differences = accelerator.LoadKernel<ArrayView<JpegDeviceFilm>, ArrayView<uint>, ArrayView<ushort>, ArrayView<int>, ArrayView<int>,
            ArrayView<int>, ArrayView<ushort>, ArrayView<int>>(JpegDifferencesKernel.Execute);
        _firstColumn = accelerator.LoadKernel<ArrayView<JpegDeviceFilm>, ArrayView<ushort>, ArrayView<int>>(JpegFirstColumnKernel.Execute);
        _rows = accelerator.LoadKernel<ArrayView<JpegDeviceFilm>, ArrayView<ushort>, ArrayView<int>, ArrayView<byte>, ArrayView<ushort>,
            ArrayView<int>>(JpegRowsKernel.Execute);
        _wavefront = accelerator.LoadKernel<ArrayView<JpegDeviceFilm>, ArrayView<ushort>, ArrayView<byte>, ArrayView<ushort>, ArrayView<int>>(
            JpegWavefrontKernel.Execute);
    }

    /// <summary>Threads of a group.</summary>
    public int GroupSize { get; }

    internal Accelerator Accelerator { get; }

    /// <summary>Takes the memory between the kernels for batches of that size now.</summary>
    /// <param name="stream">The stream of the launches.</param>
    /// <param name="films">Films of a batch.</param>
    /// <param name="rows">Rows of a film.</param>
    /// <param name="columns">Columns of a film.</param>
    public void Reserve(AcceleratorStream stream, int films, int rows, int columns)
    {
        // A byte a pixel: what incompressible films of 8 bits take, twice what radiographs do.
        var samples = (long)films * rows * columns;
        var subsequences = samples / (JpegSubsequence.MostWords * sizeof(uint)) + films;
        GrowTo(stream, samples, subsequences, subsequences / GroupSize + films, (long)films * rows);
    }

    /// <summary>Enqueues the decoding of a batch.</summary>
    /// <param name="stream">The stream of the batch's upload, or one that waits for it.</param>
    /// <param name="batch">Uploaded; not to be changed until the stream was waited for.</param>
    /// <param name="target">Pixels of each film that has no fault, as <see cref="FrameDecoder"/> leaves them, at the place that it was added
    /// with; those of a film with a fault are undefined. The rest of the memory is left alone.</param>
    /// <exception cref="ArgumentException">The target is too short.</exception>
    public void Decode(AcceleratorStream stream, JpegLosslessBatch batch, ArrayView<byte> target)
    {
        if (batch.Count == 0) return;
        if (target.Length < batch.TargetBytes) throw new ArgumentException("shorter than the films that it is for", nameof(target));
        GrowTo(stream, batch.Samples, batch.Subsequences, batch.Sequences, batch.Rows);

        ArrayView<ushort> differences = _differenceBuffer!.View;
        ArrayView<int> states = _stateBuffer!.View, positions = _positionBuffer!.View, starts = _startBuffer!.View, rowSums = _rowSumBuffer!.View;
        var slab = batch.Slab.SubView(0, batch.Slab.Length / sizeof(uint) * sizeof(uint));
        var films = slab.SubView(0, (long)batch.Count * Unsafe.SizeOf<JpegDeviceFilm>()).Cast<JpegDeviceFilm>();
        var (words, entries, segments) = (slab.Cast<uint>(), slab.Cast<ushort>(), slab.Cast<int>());
        var pixels16 = target.SubView(0, target.Length / sizeof(ushort) * sizeof(ushort)).Cast<ushort>();

        batch.Faults.MemSetToZero(stream);
        _synchronise(stream, new(batch.Sequences, GroupSize), films, words, entries, segments, states, starts);
        _join(stream, new(batch.Count, GroupSize), films, words, entries, segments, states, starts, positions, batch.Faults);
        _differences(stream, new(batch.Sequences, GroupSize), films, words, entries, segments, states, positions, differences, batch.Faults);
        if (batch.HasRows)
        {
            _firstColumn(stream, new(batch.Count, GroupSize), films, differences, rowSums);
            _rows(stream, new(batch.Rows, GroupSize), films, differences, rowSums, target, pixels16, batch.Faults);
        }

        if (batch.HasWavefronts) _wavefront(stream, new(batch.Count, GroupSize), films, differences, target, pixels16, batch.Faults);
        batch.FetchFaults(stream);
    }

    /// <summary>Frees the memory; no stream may still be at work on it.</summary>
    public void Dispose()
    {
        _differenceBuffer?.Dispose();
        _stateBuffer?.Dispose();
        _positionBuffer?.Dispose();
        _startBuffer?.Dispose();
        _rowSumBuffer?.Dispose();
    }

    private void GrowTo(AcceleratorStream stream, long samples, long subsequences, long sequences, long rows)
    {
        Grow(stream, ref _differenceBuffer, samples);
        Grow(stream, ref _stateBuffer, subsequences);
        Grow(stream, ref _positionBuffer, subsequences);
        Grow(stream, ref _startBuffer, sequences);
        Grow(stream, ref _rowSumBuffer, rows);
    }

    private void Grow<T>(AcceleratorStream stream, ref MemoryBuffer1D<T, Stride1D.Dense>? buffer, long length) where T : unmanaged
    {
        if (buffer is not null && buffer.Length >= length) return;
        stream.Synchronize();
        buffer?.Dispose();
        buffer = null; // or a failing allocation would leave memory that is gone
        buffer = Accelerator.Allocate1D<T>(length);
    }
}
