using System.Runtime.CompilerServices;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Pipeline;

/// <summary>A batch on an accelerator: stored pixels go up in one copy, a few hundred bytes a film come back.</summary>
internal sealed unsafe class IlgpuBatchSlot : BatchSlot
{
    private readonly IlgpuDevice _device;
    private readonly InputGeometry _geometry;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _input, _logits, _featureMaps, _gradients, _alpha, _cam, _pooled;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _map8;
    private readonly MemoryBuffer1D<CamMeasures, Stride1D.Dense> _measures;
    private readonly PageLockedArray1D<float> _hostLogits, _hostPooled;
    private readonly PageLockedArray1D<byte> _hostMap8;
    private readonly PageLockedArray1D<CamMeasures> _hostMeasures;
    private readonly PageLockedArray1D<float>?[] _hostInput;
    private readonly DeviceEvent _uploaded, _preprocessed, _done;
    private readonly CudaSeparateContext.Copies? _copies;
    private readonly BoundBatch _network;
    private readonly Letterbox[] _letterboxes;
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
        _hostInput = new PageLockedArray1D<float>?[films];
        _letterboxes = new Letterbox[films];
        (_input, _logits, _featureMaps, _gradients, _alpha, _cam, _pooled) = device.Run(() => (
            Allocate((long)films * _geometry.FilmLength), Allocate(films * session.ClassCount),
            Allocate((long)films * shape.Length), Allocate((long)films * shape.Length),
            Allocate(films * shape.Channels), Allocate(films * shape.Positions), Allocate(films * shape.Channels)));
        (_map8, _measures) = device.Run(() => (accelerator.Allocate1D<byte>(films * shape.Positions), accelerator.Allocate1D<CamMeasures>(films)));
        (_hostLogits, _hostMap8, _hostMeasures, _hostPooled) = device.Run(() => (
            accelerator.AllocatePageLocked1D<float>(_logits.Length), accelerator.AllocatePageLocked1D<byte>(_map8.Length),
            accelerator.AllocatePageLocked1D<CamMeasures>(films), accelerator.AllocatePageLocked1D<float>(_pooled.Length)));
        (_uploaded, _preprocessed, _done) = device.Run(() => (new DeviceEvent(accelerator), new DeviceEvent(accelerator), new DeviceEvent(accelerator)));
        (_hostSlab, _hostSlabLock, _slab, _packer) = device.Run(() => AllocateSlab(1 << 20));
        (_copies, _network) = device.Run(() =>
        {
            var buffers = new NetworkBuffers(_input.NativePtr, _logits.NativePtr, _featureMaps.NativePtr, _gradients.NativePtr, session.MemoryKind);
            var copies = device.Separate?.Allocate(buffers, (_input.Length, _logits.Length, _featureMaps.Length, _gradients.Length));
            return (copies, session.Bind(copies is null ? buffers : copies.Network with { Memory = session.MemoryKind }));
        });

        MemoryBuffer1D<float, Stride1D.Dense> Allocate(long floats) => accelerator.Allocate1D<float>(floats);
    }

    /// <inheritdoc/>
    public override int Capacity => _letterboxes.Length;

    /// <summary>Bytes that go up with the films staged so far.</summary>
    internal long UploadBytes => _packer.Bytes;

    /// <inheritdoc/>
    /// <remarks>Films are copied to page-locked memory at the same time by as many threads as are free: a bus of PCIe 5 takes more than one
    /// thread copies (<c>gpu-ladder</c> prints both).</remarks>
    public override bool TryStage(StoredPixels pixels, GrayscaleTransform transform, FilmView view)
    {
        if (Count == 0) Reserve(FilmBatchPacker.BytesFor(pixels, transform, view));
        if (!_packer.TryPlace(pixels, transform, view, out var place, out _letterboxes[Count])) return false;
        transform.Dispose();
        Count++;
        Begin(() =>
        {
            using (pixels) _packer.Copy(pixels, place);
        });
        return true;
    }

    /// <inheritdoc/>
    public override void Preprocess()
    {
        WaitForFilms();
        _device.Run(() =>
        {
            Upload(); // in one go: no other batch's network comes between and waits for these films
            Resample();
        });
    }

    /// <summary>Part of <see cref="Preprocess"/>, which benchmarks time alone: the way of films that are in page-locked memory to the device, and
    /// the kernels' wait for it.</summary>
    internal void Upload() => _device.Run(() =>
    {
        var (copy, bytes) = (_device.Copy, _packer.Bytes);
        ((ArrayView<byte>)_slab.View).SubView(0, bytes).CopyFromCPUUnsafeAsync(copy, ref Unsafe.AsRef<byte>((void*)_hostSlab.Address), bytes); // no span: it may have more than 2 GiB
        _uploaded.Record(copy);
        _uploaded.Delay(_device.Compute);
    });

    /// <summary>Last part of <see cref="Preprocess"/>: films on the device become the network's input.</summary>
    internal void Resample() => _device.Run(() =>
    {
        var compute = _device.Compute;

        // A batch is always whole: a film's result must not depend on what the last batch left behind.
        var staged = (long)Count * _geometry.FilmLength;
        if (Count < Capacity) ((ArrayView<float>)_input.View).SubView(staged, _input.Length - staged).MemSetToZero(compute);
        _device.Preprocess.Launch(compute, _slab.View, _input.View, Count, _geometry);
    });

    /// <inheritdoc/>
    public override void Infer() => _device.Run(() =>
    {
        if (_device.Session.MemoryKind == NetworkMemory.Cpu) _device.Compute.Synchronize(); // the CPU's provider has no stream
        if (_copies is null) _network.Run();
        else _copies.Run(_device.Compute, _preprocessed, _network.Run);
    });

    /// <inheritdoc/>
    public override void Explain()
    {
        QueueExplanation();
        _device.Wait(_done); // the one wait of a batch: its results are read next
    }

    /// <summary><see cref="Explain"/> without its wait, for benchmarks: Grad-CAM, and the results on their way back.</summary>
    internal void QueueExplanation() => _device.Run(() =>
    {
        var (stream, shape) = (_device.Compute, _device.FeatureMapShape);
        var results = new GradCamResults(_alpha.View, _pooled.View, _cam.View, _map8.View, _measures.View);
        _device.GradCam.Launch(stream, _slab.View, _featureMaps.View, _gradients.View, results, Count, shape, _geometry);
        _logits.View.CopyToPageLockedAsync(stream, _hostLogits);
        _map8.View.CopyToPageLockedAsync(stream, _hostMap8);
        _measures.View.CopyToPageLockedAsync(stream, _hostMeasures);
        _pooled.View.CopyToPageLockedAsync(stream, _hostPooled);
        _done.Record(stream);
    });

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
        // Only for films that get a picture: nothing else of this size comes back. On the stream of copies, as the other has batches to do.
        var (target, copied) = _device.Run(() =>
        {
            var locked = _hostInput[place] ??= _device.Accelerator.AllocatePageLocked1D<float>(_geometry.FilmLength);
            _input.View.SubView((long)place * _geometry.FilmLength, _geometry.FilmLength).CopyToPageLockedAsync(_device.Copy, locked);
            var here = new DeviceEvent(_device.Accelerator);
            here.Record(_device.Copy);
            return (locked, here);
        });
        _device.Wait(copied);
        _device.Run(copied.Dispose);
        return target.Span;
    }

    /// <inheritdoc/>
    public override Letterbox Letterbox(int place) => _letterboxes[place];

    /// <inheritdoc/>
    public override void Clear()
    {
        EndFilms();
        _packer.Clear();
        Count = 0;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Clear();
        if (_device.IsLost)
        {
            IlgpuDevice.Abandon(this);
            return;
        }

        _device.Run(() =>
        {
            IDisposable[] all =
            [
                _network, _input, _logits, _featureMaps, _gradients, _alpha, _cam, _map8, _measures, _pooled, _hostLogits, _hostMap8, _hostMeasures,
                _hostPooled, _uploaded, _preprocessed, _done,
            ];
            foreach (var memory in all) memory.Dispose();
            _copies?.Dispose();
            foreach (var input in _hostInput) input?.Dispose();
            FreeSlab();
        });
    }

    private ReadOnlySpan<T> Part<T>(PageLockedArray1D<T> array, int place) where T : unmanaged
    {
        var length = (int)array.Length / Capacity;
        return array.Span.Slice(place * length, length);
    }

    /// <summary>Makes the slab large enough for a whole batch of films like this one: films of one archive are much of a size.</summary>
    private void Reserve(long filmBytes)
    {
        var least = FilmBatchPacker.LeastBytes(filmBytes, Capacity);
        var wanted = Math.Max(least, Math.Min(filmBytes * Capacity, _device.LargestSlabBytes));
        if (wanted <= _slab.Length) return;
        _device.Run(() =>
        {
            FreeSlab();
            (_hostSlab, _hostSlabLock, _slab, _packer) = BatchMemory.Most(wanted, least, AllocateSlab, out var got);
            var films = Math.Max(1, got / filmBytes);
            if (got < wanted) _device.Note($"{_device.Description} has no memory for {Capacity} films of this size at a time: batches of some {films}");
            else if (films < Capacity) _device.Note($"{Capacity} films of this size are more than a batch holds ({_device.LargestSlabBytes >> 20} MiB): batches of some {films}");
        });
    }

    private void FreeSlab()
    {
        _slab.Dispose();
        _hostSlabLock.Dispose();
        _hostSlab.Dispose();
    }

    private (PixelBuffer, PageLockScope<byte>, MemoryBuffer1D<byte, Stride1D.Dense>, FilmBatchPacker) AllocateSlab(long bytes)
    {
        // Native memory, locked for the device: an array's elements would not lie at a multiple of 16. Of no pool: that ends at 2 GiB, for films.
        var host = new PixelBuffer(bytes, pool: null);
        PageLockScope<byte>? locked = null;
        try
        {
            locked = _device.Accelerator.CreatePageLockFromPinned<byte>(host.Address, bytes);
            return (host, locked, _device.Accelerator.Allocate1D<byte>(bytes), new(_geometry, _device.BatchSize, host.Address, bytes));
        }
        catch
        {
            locked?.Dispose();
            host.Dispose();
            throw;
        }
    }
}
