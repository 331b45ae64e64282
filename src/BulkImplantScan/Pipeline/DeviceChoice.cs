using System.Globalization;
using BulkImplantScan.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Pipeline;

/// <summary>From <c>--device</c> to a <see cref="ComputeDevice"/>.</summary>
public static class DeviceChoice
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Opens a device for a model.</summary>
    /// <param name="name"><c>auto</c> (the first CUDA device that this build can use, else the CPU), <c>cpu</c> or <c>cuda:N</c>.</param>
    /// <param name="model">The network.</param>
    /// <param name="batchSize">Films a batch; null for what suits the device.</param>
    /// <param name="network">Precision and CUDA graphs; null for what the package is made for.</param>
    /// <exception cref="ArgumentException">Not one of these names.</exception>
    /// <exception cref="PlatformNotSupportedException">The device is not there, or not in this build.</exception>
    /// <exception cref="ModelPackageException">The model does not fit its description.</exception>
    public static ComputeDevice Open(string name, ModelPackage model, int? batchSize, NetworkSettings? network = null)
    {
        network ??= new();
        var precision = network.PrecisionFor(model);
        if (name == "cpu" || (name == "auto" && !CudaState().IsUsable))
        {
            if (precision == NetworkPrecision.Tf32) throw new PlatformNotSupportedException("tf32 is arithmetic of NVIDIA devices; on the CPU use --precision fp32.");
            if (network.UseCudaGraph) throw new PlatformNotSupportedException("CUDA graphs need a CUDA device; leave --cuda-graph out on the CPU.");
            return new CpuDevice(model, batchSize ?? CpuDevice.DefaultBatchSize, Environment.ProcessorCount);
        }

        if (name == "auto") return IlgpuDevice.OnCuda(model, 0, batchSize ?? IlgpuDevice.DefaultBatchSize, network);
        if (!name.StartsWith("cuda:", StringComparison.Ordinal) ||
            !int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            throw new ArgumentException($"There is no device \"{name}\": use auto, cpu, or cuda:0, cuda:1, …");
        }

        var (isUsable, why) = CudaState();
        return isUsable
            ? IlgpuDevice.OnCuda(model, index, batchSize ?? IlgpuDevice.DefaultBatchSize, network)
            : throw new PlatformNotSupportedException($"{name} cannot be used: {why}. See ./run.sh doctor, or use --device cpu.");
    }

    /// <summary>Whether this build on this machine can use CUDA, and in words what is there or missing.</summary>
    public static (bool IsUsable, string What) CudaState()
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider))
            return (false, "this build's ONNX Runtime has no CUDA provider (the flavour is Cpu)");
        return IlgpuDevice.FindCuda();
    }
}
