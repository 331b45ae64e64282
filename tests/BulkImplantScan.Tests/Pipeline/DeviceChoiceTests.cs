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
            Assert.Contains(words, Assert.Throws<PlatformNotSupportedException>(() => DeviceChoice.Open("cpu", model, new() { Network = settings })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_says_the_precision_of_its_model_also_where_kernels_and_network_share_buffers()
    {
        var original = _folder.Tiny();
        var twin = HalfTwin.Write(original, _folder.At("twin"));
        foreach (var (model, precision) in new[] { (original, NetworkPrecision.Fp32), (twin, NetworkPrecision.Fp16) })
        {
            using var cpu = DeviceChoice.Open("cpu", model, new()).Single();
            using var emulator = IlgpuDevice.OnEmulator(model, 1);
            Assert.Equal((precision, precision), (cpu.Precision, emulator.Precision));
        }
    }

    [Theory]
    [InlineData("gpu", "There is no device \"gpu\"")]
    [InlineData("cuda:", "There is no device \"cuda:\"")]
    [InlineData("cuda:-1", "There is no device \"cuda:-1\"")]
    [InlineData("cuda:0,cpu", "There is no device \"cpu\"")]
    [InlineData("cuda:0,cuda:0", "names a device twice")]
    [InlineData("cuda:1,cuda:01", "names a device twice")]
    public void Names_that_are_none_are_wrong_usage(string names, string words) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => DeviceChoice.Open(names, _folder.Tiny(), new())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cuda:0")]
    [InlineData("cuda:0,cuda:3")]
    [InlineData("cuda:*")]
    public void A_build_without_CUDA_says_so_and_what_to_do(string names)
    {
        Assert.SkipWhen(DeviceChoice.CudaState().IsUsable, "this machine has a CUDA device");
        var refused = Assert.Throws<PlatformNotSupportedException>(() => DeviceChoice.Open(names, _folder.Tiny(), new()));
        Assert.StartsWith($"{names} cannot be used: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--device cpu", refused.Message, StringComparison.Ordinal);
    }
}
