using System.Runtime.InteropServices;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Pipeline;

/// <summary>A batch on an accelerator: stored pixels go up in one copy, a few hundred bytes a film come back.</summary>
internal sealed class IlgpuBatchSlot : BatchSlot
{
    private readonly IlgpuDevice _device;
    private readonly InputGeometry _geometry;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _input, _logits, _featureMaps, _gradients, _alpha, _cam, _pooled;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _map8;
    private readonly MemoryBuffer1D<CamMeasures, Stride1D.Dense> _measures;
    private readonly PageLockedArray1D<float> _hostLogits, _hostPooled;
    private readonly PageLockedArray1D<byte> _hostMap8;
    private readonly PageLockedArray1D<CamMeasures> _hostMeasures;
    private readonly float[][] _hostInput;
    private readonly BoundBatch _network;
    private readonly Letterbox[] _letterboxes;
    private readonly PixelBufferPool _pool = new(keepPerClass: 0);
    private PixelBuffer _hostSlab;
    private PageLockScope<byte> _hostSlabLock;
    private MemoryBuffer1D<byte, Stride1D.Dense> _slab;
    private FilmBatchPacker _packer;

    /// <summary>Memory for one batch; the slab grows with the largest film that is met.</summary>
    public IlgpuBatchSlot(IlgpuDevice device)
    {
        _device = device;
        var (session, accelerator) = (device.Session, device.Accelerator);
        var (films, shape) = (session.BatchSize, session.FeatureMapShape);
        _geometry = session.Package.Input;
        lock (device.Turn)
        {
            _input = accelerator.Allocate1D<float>((long)films * _geometry.FilmLength);
            _logits = accelerator.Allocate1D<float>(films * session.ClassCount);
            _featureMaps = accelerator.Allocate1D<float>((long)films * shape.Length);
            _gradients = accelerator.Allocate1D<float>((long)films * shape.Length);
            _alpha = accelerator.Allocate1D<float>(films * shape.Channels);
            _cam = accelerator.Allocate1D<float>(films * shape.Positions);
            _map8 = accelerator.Allocate1D<byte>(films * shape.Positions);
            _measures = accelerator.Allocate1D<CamMeasures>(films);
            _pooled = accelerator.Allocate1D<float>(films * shape.Channels);
            _hostLogits = accelerator.AllocatePageLocked1D<float>(_logits.Length);
            _hostMap8 = accelerator.AllocatePageLocked1D<byte>(_map8.Length);
            _hostMeasures = accelerator.AllocatePageLocked1D<CamMeasures>(films);
            _hostPooled = accelerator.AllocatePageLocked1D<float>(_pooled.Length);
            (_hostSlab, _hostSlabLock, _slab, _packer) = AllocateSlab(1 << 20);
        }

        _hostInput = new float[films][];
        _letterboxes = new Letterbox[films];
        _network = session.Bind(new(
            _input.NativePtr, _logits.NativePtr, _featureMaps.NativePtr, _gradients.NativePtr, session.MemoryKind));
    }

    /// <inheritdoc/>
    public override int Capacity => _letterboxes.Length;

    /// <inheritdoc/>
    public override bool TryStage(StoredPixels pixels, GrayscaleTransform transform, FilmView view)
    {
        if (Count == 0) Reserve(FilmBatchPacker.BytesFor(pixels, transform, view));
        if (!_packer.TryAdd(pixels, transform, view, out _letterboxes[Count])) return false;
        Count++;
        pixels.Dispose();
        transform.Dispose();
        return true;
    }

    /// <inheritdoc/>
    public override void Preprocess()
    {
        lock (_device.Turn)
        {
            var bytes = _packer.Bytes;
            ((ArrayView<byte>)_slab.View).SubView(0, bytes).CopyFromCPUUnsafeAsync(_device.Stream, ref MemoryMarshal.GetReference(_hostSlab.Span(bytes)), bytes);

            // A batch is always whole: a film's result must not depend on what the last batch left behind.
            var staged = (long)Count * _geometry.FilmLength;
            if (Count < Capacity) ((ArrayView<float>)_input.View).SubView(staged, _input.Length - staged).MemSetToZero(_device.Stream);
            _device.Preprocess.Launch(_device.Stream, _slab.View, _input.View, Count, _geometry);
        }
    }

    /// <inheritdoc/>
    public override void Infer()
    {
        lock (_device.Turn)
        {
            if (_device.Session.MemoryKind == NetworkMemory.Cpu) _device.Stream.Synchronize(); // the emulator's provider has no stream
            _network.Run();
        }
    }

    /// <inheritdoc/>
    public override void Explain()
    {
        lock (_device.Turn)
        {
            var (stream, shape) = (_device.Stream, _device.FeatureMapShape);
            var results = new GradCamResults(_alpha.View, _pooled.View, _cam.View, _map8.View, _measures.View);
            _device.GradCam.Launch(stream, _slab.View, _featureMaps.View, _gradients.View, results, Count, shape, _geometry);
            _logits.View.CopyToPageLockedAsync(stream, _hostLogits);
            _map8.View.CopyToPageLockedAsync(stream, _hostMap8);
            _measures.View.CopyToPageLockedAsync(stream, _hostMeasures);
            _pooled.View.CopyToPageLockedAsync(stream, _hostPooled);
            stream.Synchronize(); // the one wait of a batch: its results are read next
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Logits(int place) => Part(_hostLogits, place);

    /// <inheritdoc/>
    public override CamSummary Cam(int place) => CamSummary.Of(
        Part(_hostMap8, place).ToArray(), _hostMeasures.Span[place], _device.FeatureMapShape, _letterboxes[place], _geometry);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> PooledFeatures(int place) => Part(_hostPooled, place);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> NetworkInput(int place)
    {
        // Only for films that get a picture: nothing else of this size comes back from the device.
        lock (_device.Turn)
        {
            var target = _hostInput[place] ??= new float[_geometry.FilmLength];
            _input.View.SubView((long)place * _geometry.FilmLength, _geometry.FilmLength).CopyToCPU(_device.Stream, target);
            return target;
        }
    }

    /// <inheritdoc/>
    public override Letterbox Letterbox(int place) => _letterboxes[place];

    /// <inheritdoc/>
    public override void Clear()
    {
        _packer.Clear();
        Count = 0;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _network.Dispose();
        lock (_device.Turn)
        {
            IDisposable[] all =
            [
                _input, _logits, _featureMaps, _gradients, _alpha, _cam, _map8, _measures, _pooled, _slab, _hostSlabLock, _hostSlab,
                _hostLogits, _hostMap8, _hostMeasures, _hostPooled,
            ];
            foreach (var memory in all) memory.Dispose();
        }
    }

    private ReadOnlySpan<T> Part<T>(PageLockedArray1D<T> array, int place) where T : unmanaged
    {
        var length = (int)array.Length / Capacity;
        return array.Span.Slice(place * length, length);
    }

    /// <summary>Makes the slab large enough for a whole batch of films like this one: films of one archive are much of a size.</summary>
    private void Reserve(long filmBytes)
    {
        var wanted = filmBytes * Capacity;
        if (wanted <= _slab.Length) return;
        lock (_device.Turn)
        {
            _device.Stream.Synchronize();
            _slab.Dispose();
            _hostSlabLock.Dispose();
            _hostSlab.Dispose();
            (_hostSlab, _hostSlabLock, _slab, _packer) = AllocateSlab(wanted);
        }
    }

    private (PixelBuffer, PageLockScope<byte>, MemoryBuffer1D<byte, Stride1D.Dense>, FilmBatchPacker) AllocateSlab(long bytes)
    {
        // Native memory, locked for the device: an array's elements would not lie at a multiple of 16.
        var host = _pool.Rent(bytes);
        var locked = _device.Accelerator.CreatePageLockFromPinned<byte>(host.Address, bytes);
        return (host, locked, _device.Accelerator.Allocate1D<byte>(bytes), new(_geometry, _device.BatchSize, host.Address, bytes));
    }
}
