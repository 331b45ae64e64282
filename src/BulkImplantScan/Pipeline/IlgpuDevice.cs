using System.Collections.Concurrent;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Pipeline;

/// <summary>An accelerator: ILGPU kernels and the network work on the same device buffers, on one stream; a second stream copies.</summary>
/// <remarks><code>
/// copy      │ slab 1 ↑ │ slab 2 ↑ │ slab 3 ↑ │
/// compute              │ preprocess 1 │ network 1 │ Grad-CAM 1, results ↓ │ preprocess 2 │ network 2 │ ...
/// host                                                                   └ waits for the results of 1, and for nothing else
/// </code>
/// On CUDA the network runs in ILGPU's buffers through the primary context. On ILGPU's CPU accelerator, an emulator
/// that tests use, ONNX Runtime's CPU provider reads the emulator's memory: the same code, a thousand times slower.</remarks>
public sealed class IlgpuDevice : ComputeDevice
{
    /// <summary>Films a batch unless said otherwise.</summary>
    public const int DefaultBatchSize = 64;

    /// <summary>A batch takes milliseconds; a device that needs so long has stopped.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);

    // Looked for once: each look makes a context.
    private static readonly Lazy<IReadOnlyList<string>> Seen = new(() =>
    {
        CudaDriver.Resolve();
        using var context = Context.Create(builder => builder.Cuda());
        List<string> names = [];
        foreach (var device in context.GetCudaDevices()) names.Add($"{device.Name}, {device.MemorySize >> 20} MiB, {device.Architecture}");
        return names;
    });

    // Finalizers would ask a lost device to free memory.
    private static readonly ConcurrentBag<object> LostForGood = [];

    private readonly DeviceThread _thread;
    private readonly Context _context;
    private readonly IDisposable _accelerator;
    private volatile bool _isLost;

    private IlgpuDevice(
        string kind, DeviceThread thread, Context context, Accelerator accelerator, IDisposable owner, AcceleratorStream compute, AcceleratorStream copy,
        NetworkSession session)
    {
        (Kind, _thread, _context, Accelerator, _accelerator) = (kind, thread, context, accelerator, owner);
        (Compute, Copy, Session) = (compute, copy, session);
        Description = $"{accelerator.Name}, {accelerator.MemorySize >> 20} MiB";
        Preprocess = new(accelerator);
        GradCam = new(accelerator);
        LargestSlabBytes = BatchMemory.LargestSlab(accelerator.MemorySize, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    /// <inheritdoc/>
    public override string Kind { get; }

    /// <inheritdoc/>
    public override NetworkPrecision Precision => Session.Precision;

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override int BatchSize => Session.BatchSize;

    /// <inheritdoc/>
    public override FeatureMapShape FeatureMapShape => Session.FeatureMapShape;

    /// <summary>A call has failed in a way after which none succeeds: memory of the device is left to the end of the process, as to free it
    /// would fail, or wait for ever.</summary>
    internal bool IsLost => _isLost;

    internal Accelerator Accelerator { get; }

    /// <summary>Films of a batch together, in bytes at most: a batch of very large ones ends earlier.</summary>
    internal long LargestSlabBytes { get; init; }

    /// <summary>Kernels and network, batch after batch.</summary>
    internal AcceleratorStream Compute { get; }

    /// <summary>Stored pixels on their way to the device.</summary>
    internal AcceleratorStream Copy { get; }

    internal NetworkSession Session { get; }

    /// <summary>The network's context, where the kernels could not be moved into it; null: they share one, and their memory.</summary>
    internal CudaSeparateContext? Separate { get; private init; }

    internal PreprocessKernels Preprocess { get; }

    /// <summary>Decodes JPEG lossless films here; null: the processor does.</summary>
    internal DeviceDecoder? Decoder { get; private set; }

    internal GradCamKernels GradCam { get; }

    /// <summary>CUDA devices that ILGPU sees, in words; none: there is none, or no driver.</summary>
    public static IReadOnlyList<string> CudaDevices => Seen.Value;

    /// <summary>Loads a model on a CUDA device.</summary>
    /// <param name="model">The network.</param>
    /// <param name="index">CUDA ordinal.</param>
    /// <param name="batchSize">Films a batch.</param>
    /// <param name="network">Precision and CUDA graphs.</param>
    /// <exception cref="PlatformNotSupportedException">There is no such device, or ONNX Runtime cannot use it.</exception>
    public static IlgpuDevice OnCuda(ModelPackage model, int index, int batchSize, NetworkSettings network) => OnCuda(
        index, stream => NetworkSession.OnCuda(model, batchSize, index, stream, network), adopt: accelerator => new(accelerator));

    /// <summary>Opens a CUDA device for a session that is made for the stream that it is given.</summary>
    /// <param name="index">CUDA ordinal.</param>
    /// <param name="load">Loads the network for a CUstream.</param>
    /// <param name="adopt">Moves the accelerator into the primary context.</param>
    internal static IlgpuDevice OnCuda(int index, Func<nint, NetworkSession> load, Func<CudaAccelerator, CudaPrimaryContext> adopt)
    {
        CudaDriver.Resolve();
        var thread = new DeviceThread($"cuda:{index}");
        try
        {
            return thread.Run(() => OpenCuda(thread, index, load, adopt));
        }
        catch
        {
            thread.Dispose();
            throw;
        }
    }

    /// <summary>Loads a model on ILGPU's CPU accelerator: for tests of the device path without a device.</summary>
    internal static IlgpuDevice OnEmulator(ModelPackage model, int batchSize, long largestSlabBytes = 1L << 30)
    {
        var thread = new DeviceThread("emulator");
        return thread.Run(() =>
        {
            var context = Context.Create(builder => builder.CPU(CPUDeviceKind.Default));
            var accelerator = context.CreateCPUAccelerator(0);
            return new IlgpuDevice(
                "cpu", thread, context, accelerator, accelerator, accelerator.DefaultStream, accelerator.CreateStream(), new(model, batchSize, 1))
            {
                LargestSlabBytes = largestSlabBytes,
            };
        });
    }

    /// <inheritdoc/>
    internal override BatchSlot CreateSlot() => new IlgpuBatchSlot(this);

    /// <inheritdoc/>
    internal override DecodeFilm Decoding(ScanOptions options)
    {
        if (Decoder is not { } decoder) return options.DecodeFilm;

        // A worker that waits for its film holds a thread of the pool: without as many more, the stages would wait for one.
        ThreadPool.GetMinThreads(out var threads, out var completions);
        ThreadPool.SetMinThreads(Math.Max(threads, Environment.ProcessorCount + options.DecodeWorkers), completions);
        return (file, dataset, frame, settings, pool, holder) => decoder.Decode(options.DecodeFilm, file, dataset, frame, settings, pool, holder);
    }

    /// <summary>Has JPEG lossless films decoded here from now on; where the device refuses, for want of memory say, that is noted and the processor does.</summary>
    /// <param name="open">Makes the decoder; null for one that suits the device.</param>
    internal void OpenDecoder(Func<IlgpuDevice, DeviceDecoder>? open = null)
    {
        open ??= device => new(device, DecodeMemory.For(device.Accelerator.MemorySize));
        try
        {
            Decoder = Run(() => open(this));
        }
        catch (Exception e) when (DeviceDecoder.CanGoOnWithout(e))
        {
            Note($"{Description} does not decode JPEG lossless, the processor does: {DeviceDecoder.Why(e)}");
        }
    }

    /// <inheritdoc/>
    internal override void SumUp()
    {
        if (Decoder?.Summary is { } summary) Note(summary);
    }

    /// <summary>All launches, copies and allocations are made in here: on the device's thread, with what they throw.</summary>
    internal void Run(Action work) => Guard(() => _thread.Run(work));

    /// <inheritdoc cref="Run(Action)"/>
    internal T Run<T>(Func<T> work)
    {
        T result = default!;
        Run(() => { result = work(); });
        return result;
    }

    /// <summary>The host waits for the device.</summary>
    internal void Wait(DeviceEvent place) => Guard(() => place.Wait(AnswerLimit));

    /// <summary>Keeps what belongs to a lost device from being finalized.</summary>
    internal static void Abandon(object memory) => LostForGood.Add(memory);

    /// <summary>Runs one batch without films while as much memory is taken as a scan will take but for the films themselves.</summary>
    /// <param name="slots">Batches in flight.</param>
    internal void WarmUp(int slots)
    {
        using var ring = new SlotRing(this, slots);
        ring.Free.TryRead(out var slot);
        slot!.Preprocess();
        slot.Infer();
        slot.Explain();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_isLost)
        {
            Abandon(this);
            return;
        }

        _thread.Run(() =>
        {
            Decoder?.Dispose();
            Session.Dispose(); // before the stream and the buffers that it was bound to
            Separate?.Dispose();
            _accelerator.Dispose();
            _context.Dispose();
        });
        _thread.Dispose();
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            _isLost |= DeviceFault.IsLost(e);
            throw;
        }
    }

    private static IlgpuDevice OpenCuda(
        DeviceThread thread, int index, Func<nint, NetworkSession> load, Func<CudaAccelerator, CudaPrimaryContext> adopt)
    {
        var context = Context.Create(builder => builder.Cuda());
        var (owner, separate) = ((IDisposable?)null, (CudaSeparateContext?)null);
        try
        {
            if (index >= context.GetCudaDevices().Count) throw new PlatformNotSupportedException($"There is no cuda:{index}; see ./run.sh doctor.");
            var accelerator = context.CreateCudaAccelerator(index);
            string? note = null;
            try
            {
                owner = adopt(accelerator);
            }
            catch (Exception e) when (e is CudaErrorException or MissingMethodException)
            {
                owner = accelerator;
                separate = new(accelerator);
                note = $"cuda:{index}: kernels and network have contexts of their own ({e.Message}): one copy a batch on the device";
            }

            var (compute, copy) = ((CudaStream)accelerator.CreateStream(), accelerator.CreateStream());
            var session = separate is null ? load(compute.StreamPtr) : separate.In(() => load(separate.Stream));
            var device = new IlgpuDevice("cuda", thread, context, accelerator, owner, compute, copy, session) { Separate = separate };
            if (note is not null) device.Note(note);
            if (session.NodesOnCpu.Count > 0)
                device.Note($"cuda:{index}: the network waits for the CPU at {session.NodesOnCpu.Count} nodes that have no CUDA kernel: {string.Join(", ", session.NodesOnCpu)}");
            return device;
        }
        catch
        {
            separate?.Dispose();
            owner?.Dispose();
            context.Dispose();
            throw;
        }
    }
}
