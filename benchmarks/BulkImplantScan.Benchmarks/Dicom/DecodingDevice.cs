using System.Globalization;
using BulkImplantScan.Inference;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>What decoders are tried on: a CUDA device in its primary context, where NVIDIA's own decoders work, or ILGPU's emulator.</summary>
internal sealed class DecodingDevice : IDisposable
{
    private readonly Context _context;
    private readonly IDisposable _owner;

    /// <param name="name"><c>cpu</c> or <c>cuda:N</c>.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public DecodingDevice(string name)
    {
        if (name == "cpu")
        {
            _context = Context.Create(builder => builder.CPU(CPUDeviceKind.Default));
            _owner = Accelerator = _context.CreateCPUAccelerator(0);
            return;
        }

        if (!name.StartsWith("cuda:", StringComparison.Ordinal)) throw new ArgumentException($"--device {name}: cpu or cuda:0");
        CudaDriver.Resolve();
        _context = Context.Create(builder => builder.Cuda());
        var cuda = _context.CreateCudaAccelerator(int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture));
        (Accelerator, _owner) = (cuda, new CudaPrimaryContext(cuda));
    }

    public Accelerator Accelerator { get; }

    /// <summary>CUstream; 0, the default one, on the emulator.</summary>
    public static nint Address(AcceleratorStream stream) => stream is CudaStream cuda ? cuda.StreamPtr : 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        _owner.Dispose();
        _context.Dispose();
    }
}
