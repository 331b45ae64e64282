using System.Globalization;
using BulkImplantScan.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Pipeline;

/// <summary>From <c>--device</c> to <see cref="ComputeDevice"/>s.</summary>
public static class DeviceChoice
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Oldest driver that runs what ONNX Runtime is built for: CUDA 12.0, as cuDriverGetVersion counts.</summary>
    private const int OldestDriver = 12000;

    /// <summary>CUDA devices of this machine; for when <see cref="CudaState"/> says that they can be used.</summary>
    public static int CudaDevices => IlgpuDevice.CudaDevices.Count;

    /// <summary>Opens the devices for a model.</summary>
    /// <param name="names"><c>auto</c> (the first CUDA device that this build can use, else the CPU), <c>cpu</c>, <c>cuda:N</c>, several of these
    /// with commas, or <c>cuda:*</c> for all.</param>
    /// <param name="model">The network.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">Not such names.</exception>
    /// <exception cref="PlatformNotSupportedException">A device is not there, not in this build, or not in order.</exception>
    /// <exception cref="ModelPackageException">The model does not fit its description.</exception>
    public static IReadOnlyList<ComputeDevice> Open(string names, ModelPackage model, DeviceOptions options)
    {
        if (Ordinals(names, model, options) is not { } ordinals)
            return [new CpuDevice(model, options.BatchSize ?? CpuDevice.DefaultBatchSize, Environment.ProcessorCount)];
        List<ComputeDevice> devices = [];
        try
        {
            foreach (var ordinal in ordinals) devices.Add(OpenCuda(model, ordinal, options));
            return devices;
        }
        catch
        {
            foreach (var device in devices) device.Dispose();
            throw;
        }
    }

    /// <summary>What of <see cref="Open"/> can be said at once: before an hour of indexing, not after.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Check(string names, ModelPackage model, DeviceOptions options) => _ = Ordinals(names, model, options);

    /// <summary>CUDA ordinals; null for the CPU.</summary>
    private static List<int>? Ordinals(string names, ModelPackage model, DeviceOptions options)
    {
        var precision = options.Network.PrecisionFor(model);
        if (names == "auto") names = CudaState().IsUsable ? "cuda:0" : "cpu";
        if (names == "cpu")
        {
            if (precision == NetworkPrecision.Tf32) throw new PlatformNotSupportedException("tf32 is arithmetic of NVIDIA devices; on the CPU use --precision fp32.");
            if (options.Network.UseCudaGraph) throw new PlatformNotSupportedException("CUDA graphs need a CUDA device.");
            return null;
        }

        List<int>? asked = names == "cuda:*" ? null : [.. names.Split(',').Select(Ordinal)];
        if (asked?.Distinct().Count() < asked?.Count) throw new ArgumentException($"{names} names a device twice.");
        var (isUsable, why) = CudaState();
        if (!isUsable) throw new PlatformNotSupportedException($"{names} cannot be used: {why} See ./run.sh doctor, or use --device cpu.");
        var there = CudaDevices;
        foreach (var ordinal in asked ?? [])
            if (ordinal >= there) throw new PlatformNotSupportedException($"There is no cuda:{ordinal}: this machine has {there}. See ./run.sh doctor.");
        return asked ?? [.. Enumerable.Range(0, there)];
    }

    /// <summary>Whether this build on this machine can use CUDA, and in words what is there, or missing and what to do.</summary>
    public static (bool IsUsable, string What) CudaState()
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider)) return (false, DeviceFault.WithoutCuda);
        return CudaDriver.Version() switch
        {
            null => (false, "no NVIDIA driver is found (libcuda.so.1): install it, and see whether nvidia-smi shows the device."),
            < OldestDriver and var version => (false, $"the driver runs CUDA {Text(version)}. {DeviceFault.DriverTooOld}"),
            { } version => IlgpuDevice.CudaDevices is { Count: > 0 } devices
                ? (true, $"{string.Join("; ", devices)}; driver for CUDA {Text(version)}")
                : (false, "the driver is there, but shows no device: see what nvidia-smi says, and whether CUDA_VISIBLE_DEVICES hides it."),
        };

        static string Text(int version) => $"{version / 1000}.{version % 1000 / 10}";
    }

    /// <summary>Opens a device and runs one batch, so that what is missing or too small shows before the first film.</summary>
    private static IlgpuDevice OpenCuda(ModelPackage model, int ordinal, DeviceOptions options)
    {
        var batchSize = options.BatchSize ?? IlgpuDevice.DefaultBatchSize;
        try
        {
            var opened = BatchHalving.Open(batchSize, size =>
            {
                var device = IlgpuDevice.OnCuda(model, ordinal, size, options.Network);
                try
                {
                    device.WarmUp(options.Slots);
                    return device;
                }
                catch
                {
                    device.Dispose();
                    throw;
                }
            });
            try
            {
                if (options.DecodesJpegLossless) opened.OpenDecoder(); // after the batches: they come first
                return opened;
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        }
        catch (Exception e) when (DeviceFault.Explain(e) is { } sentence)
        {
            throw new PlatformNotSupportedException($"cuda:{ordinal} cannot be used. {sentence}", e);
        }
    }

    private static int Ordinal(string name) =>
        name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new ArgumentException($"There is no device \"{name}\": use auto, cpu, cuda:0, cuda:0,cuda:1, … or cuda:*");
}
