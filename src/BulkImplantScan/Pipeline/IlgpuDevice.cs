using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Pipeline;

/// <summary>An accelerator: ILGPU kernels and the network work on the same device buffers, on one stream.</summary>
/// <remarks>On CUDA the network runs in ILGPU's buffers through the primary context. On ILGPU's CPU accelerator, an emulator
/// that tests use, ONNX Runtime's CPU provider reads the emulator's memory: the same code, a thousand times slower.</remarks>
public sealed class IlgpuDevice : ComputeDevice
{
    /// <summary>Films a batch unless said otherwise.</summary>
    public const int DefaultBatchSize = 64;

    private static readonly Lazy<bool> DriverResolved = new(() =>
    {
        CudaPrimaryContext.ResolveDriver();
        return true;
    });

    private readonly Context _context;
    private readonly IDisposable _accelerator;

    private IlgpuDevice(
        string kind, Context context, Accelerator accelerator, IDisposable owner, AcceleratorStream stream, NetworkSession session,
        NetworkPrecision precision)
    {
        Precision = precision;
        (Kind, _context, Accelerator, _accelerator, Stream, Session) = (kind, context, accelerator, owner, stream, session);
        Description = $"{accelerator.Name}, {accelerator.MemorySize >> 20} MiB";
        Preprocess = new(accelerator);
        GradCam = new(accelerator);
    }

    /// <inheritdoc/>
    public override string Kind { get; }

    /// <inheritdoc/>
    public override NetworkPrecision Precision { get; }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override int BatchSize => Session.BatchSize;

    /// <inheritdoc/>
    public override FeatureMapShape FeatureMapShape => Session.FeatureMapShape;

    /// <summary>Launches and copies of the stages take turns: they come from several threads.</summary>
    internal Lock Turn { get; } = new();

    internal Accelerator Accelerator { get; }

    internal AcceleratorStream Stream { get; }

    internal NetworkSession Session { get; }

    internal PreprocessKernels Preprocess { get; }

    internal GradCamKernels GradCam { get; }

    /// <summary>Whether ILGPU sees a CUDA device, and in words which, or why not.</summary>
    public static (bool IsUsable, string What) FindCuda()
    {
        _ = DriverResolved.Value;
        using var context = Context.Create(builder => builder.Cuda());
        List<string> names = [];
        foreach (var device in context.GetCudaDevices()) names.Add($"{device.Name}, {device.MemorySize >> 20} MiB, SM {device.Architecture}");
        return names.Count == 0
            ? (false, "no CUDA device is seen: is the NVIDIA driver loaded (nvidia-smi)?")
            : (true, string.Join("; ", names));
    }

    /// <summary>Loads a model on a CUDA device.</summary>
    /// <param name="model">The network.</param>
    /// <param name="index">CUDA ordinal.</param>
    /// <param name="batchSize">Films a batch.</param>
    /// <param name="network">Precision and CUDA graphs.</param>
    /// <exception cref="PlatformNotSupportedException">There is no such device, or ONNX Runtime cannot use it.</exception>
    public static IlgpuDevice OnCuda(ModelPackage model, int index, int batchSize, NetworkSettings network)
    {
        _ = DriverResolved.Value;
        var context = Context.Create(builder => builder.Cuda());
        try
        {
            if (index >= context.GetCudaDevices().Count) throw new PlatformNotSupportedException($"There is no cuda:{index}; see ./run.sh doctor.");
            var accelerator = context.CreateCudaAccelerator(index);
            var owner = new CudaPrimaryContext(accelerator);
            var stream = (CudaStream)accelerator.CreateStream();
            return new("cuda", context, accelerator, owner, stream, NetworkSession.OnCuda(model, batchSize, index, stream.StreamPtr, network), network.PrecisionFor(model));
        }
        catch
        {
            context.Dispose(); // with it the accelerator
            throw;
        }
    }

    /// <summary>Loads a model on ILGPU's CPU accelerator: for tests of the device path without a device.</summary>
    internal static IlgpuDevice OnEmulator(ModelPackage model, int batchSize)
    {
        var context = Context.Create(builder => builder.CPU(CPUDeviceKind.Default));
        var accelerator = context.CreateCPUAccelerator(0);
        return new("cpu", context, accelerator, accelerator, accelerator.DefaultStream, new(model, batchSize, 1), model.Precision);
    }

    /// <inheritdoc/>
    internal override BatchSlot CreateSlot() => new IlgpuBatchSlot(this);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Session.Dispose(); // before the stream and the buffers that it was bound to
        _accelerator.Dispose();
        _context.Dispose();
    }
}
