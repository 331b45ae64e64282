using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Tests.Inference;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class DeviceChoiceTests : IDisposable
{
    private readonly PackageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_only_CUDA_devices_can_do_is_refused_on_the_CPU()
    {
        var model = _folder.Tiny();
        Refused("tf32 is arithmetic of NVIDIA devices", new() { Precision = NetworkPrecision.Tf32 });
        Refused("CUDA graphs need a CUDA device", new() { UseCudaGraph = true });

        void Refused(string words, NetworkSettings settings) =>
            Assert.Contains(words, Assert.Throws<PlatformNotSupportedException>(() => DeviceChoice.Open("cpu", model, 1, settings).Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_says_the_precision_of_its_model_also_where_kernels_and_network_share_buffers()
    {
        var original = _folder.Tiny();
        var twin = HalfTwin.Write(original, _folder.At("twin"));
        foreach (var (model, precision) in new[] { (original, NetworkPrecision.Fp32), (twin, NetworkPrecision.Fp16) })
        {
            using var cpu = DeviceChoice.Open("cpu", model, 1);
            using var emulator = IlgpuDevice.OnEmulator(model, 1);
            Assert.Equal((precision, precision), (cpu.Precision, emulator.Precision));
        }
    }
}
