using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>The network alone, on input that lies on the device, without Grad-CAM: the ceiling of everything that is built around it.</summary>
/// <remarks>The options are the engine's own; so are stream, batch size and binding.</remarks>
internal sealed class BareNetwork : IDisposable
{
    private readonly IlgpuDevice _device;
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;
    private readonly OrtMemoryInfo _memory;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _input, _logits;
    private readonly BoundBatch _bound;
    private readonly bool _isCuda;

    /// <summary>Loads the package's network once more. On the device's thread.</summary>
    /// <param name="device">Whose session says which network, and how.</param>
    /// <param name="variant">What ONNX Runtime is told otherwise; CUDA devices only.</param>
    /// <exception cref="PlatformNotSupportedException">Kernels and network have contexts of their own: their memory cannot be bound.</exception>
    /// <exception cref="OnnxRuntimeException">The network cannot be run so.</exception>
    public BareNetwork(IlgpuDevice device, NetworkVariant? variant = null)
    {
        if (device.Separate is not null) throw new PlatformNotSupportedException("kernels and network have contexts of their own");
        _device = device;
        var (package, films, accelerator) = (device.Session.Package, device.BatchSize, device.Accelerator);
        _isCuda = device.Session.MemoryKind == NetworkMemory.Cuda;
        var ordinal = accelerator is CudaAccelerator cuda ? cuda.DeviceId : 0;
        _options = _isCuda
            ? NetworkSession.CudaOptions(ordinal, ((CudaStream)device.Compute).StreamPtr, device.Precision, variant?.IsGraph ?? false, mayUseCpu: false, variant?.Options)
            : NetworkSession.CpuOptions(1);
        _options.AddFreeDimensionOverrideByName(OnnxGraph.BatchSymbol, films);
        _session = new(LogitsGraph.Of(package.ReadModel(), package.Tensors.Logits), _options);
        _memory = _isCuda ? new("Cuda", OrtAllocatorType.DeviceAllocator, ordinal, OrtMemType.Default) : OrtMemoryInfo.DefaultInstance;

        // Noise, not zeros: a device that multiplies zeros draws less power, and may clock higher.
        var random = new Random(1);
        var values = new float[checked(films * package.Input.FilmLength)];
        for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() - 0.5f;
        _input = accelerator.Allocate1D<float>(values.Length);
        _input.View.CopyFromCPU(device.Compute, values);
        _logits = accelerator.Allocate1D<float>((long)films * device.Session.ClassCount);
        var run = new RunOptions();
        if (_isCuda) run.AddRunConfigEntry("disable_synchronize_execution_providers", "1");
        if (variant is { IsGraph: true }) run.AddRunConfigEntry("gpu_graph_id", "1");
        var input = package.Input;
        _bound = new(_session, run, _memory,
        [
            new(package.Tensors.Input, true, _input.NativePtr, [films, input.Channels, input.Height, input.Width]),
            new(package.Tensors.Logits, false, _logits.NativePtr, [films, device.Session.ClassCount]),
        ]);
        device.Compute.Synchronize();
    }

    /// <summary>Queues one batch; on ILGPU's CPU accelerator, computes it.</summary>
    public void Run() => _device.Run(() =>
    {
        if (!_isCuda) _device.Compute.Synchronize();
        _bound.Run();
    });

    /// <inheritdoc/>
    public void Dispose() => _device.Run(() =>
    {
        _bound.Dispose();
        _session.Dispose();
        _input.Dispose();
        _logits.Dispose();
        _options.Dispose();
        if (_isCuda) _memory.Dispose();
    });
}
