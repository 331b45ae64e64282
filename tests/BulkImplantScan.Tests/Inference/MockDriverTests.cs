using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Pipeline;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Tests.Inference;

/// <summary>The CUDA path on a driver without a device: memory is the host's, kernels do nothing, and each call is seen, with its context.</summary>
/// <remarks>The network runs on ONNX Runtime's CPU provider, in the memory that the mock hands out as the device's.</remarks>
public sealed class MockDriverTests
{
    private const int Batch = 4;

    [Fact]
    public async Task Every_call_is_in_the_primary_context_and_the_host_waits_for_nothing_but_results()
    {
        var calls = await ScanAsync(nameof(Scan_on_the_mock_driver));

        // A batch: one upload on the stream of copies, for which the other waits; four results come back. Its network, on the CPU here,
        // cannot read before the stream is done: that is the one synchronisation, which CUDA's provider does not need.
        var batches = calls.Count(call => call == "cuStreamWaitEvent");
        Assert.True(batches >= SmallArchive.Films / Batch, $"{batches} batches");
        Assert.Equal(batches, calls.Count(call => call == "cuStreamSynchronize"));
        Assert.Equal(0, calls.Count(call => call is "cuCtxSynchronize" or "cuEventSynchronize"));
        Assert.Equal(2 * batches, calls.Count(call => call == "cuEventRecord"));
        Assert.Equal(5 * batches, calls.Count(call => call == "cuMemcpyAsync"));
    }

    [Fact]
    public async Task Where_contexts_cannot_be_shared_the_network_has_its_own_and_data_is_copied_on_the_device()
    {
        var calls = await ScanAsync(nameof(Scan_on_the_mock_driver_with_two_contexts));

        // A batch: the input over, three results back, all on the network's stream; each stream waits for the other once, and one for the upload.
        var batches = calls.Count(call => call == "cuMemcpyPeerAsync") / 4;
        Assert.True(batches >= SmallArchive.Films / Batch, $"{batches} batches");
        Assert.Equal(3 * batches, calls.Count(call => call == "cuStreamWaitEvent"));
        Assert.Equal(4 * batches, calls.Count(call => call == "cuEventRecord"));
        Assert.Equal(5 * batches, calls.Count(call => call == "cuMemcpyAsync"));
        Assert.Equal(batches, calls.Count(call => call == "cuStreamSynchronize"));
    }

    [Fact]
    public async Task Films_that_the_device_decodes_go_up_and_come_back_on_streams_of_their_own()
    {
        var calls = await ScanAsync(nameof(Scan_on_the_mock_driver_that_decodes));
        Assert.Contains("cuLaunchKernel", calls);
        Assert.Equal(0, calls.Count(call => call is "cuCtxSynchronize" or "cuEventSynchronize"));
    }

    /// <summary>What the child process does.</summary>
    [Fact(Explicit = true)]
    public async Task Scan_on_the_mock_driver()
    {
        Assert.Equal(13000, CudaDriver.Version());
        Assert.Empty(await ScanAsync(accelerator => new(accelerator)));

        // ILGPU's exceptions ask the driver for their text, so only here can there be one.
        Assert.True(DeviceFault.IsLost(new CudaException((CudaError)719)));
        Assert.True(DeviceFault.IsOutOfMemory(new CudaException(CudaError.CUDA_ERROR_OUT_OF_MEMORY)));
    }

    /// <summary>What the other child process does.</summary>
    [Fact(Explicit = true)]
    public async Task Scan_on_the_mock_driver_with_two_contexts()
    {
        var note = Assert.Single(await ScanAsync(_ => throw new CudaErrorException("cuDevicePrimaryCtxRetain", 201)));
        Assert.Contains("one copy a batch on the device", note, StringComparison.Ordinal);
    }

    /// <summary>What the third does: kernels that do nothing decode no film rightly, so the first one is the last one.</summary>
    [Fact(Explicit = true)]
    public async Task Scan_on_the_mock_driver_that_decodes()
    {
        var notes = await ScanAsync(accelerator => new(accelerator), device => device.OpenDecoder(it => new(it, new(8, 1 << 18, 1 << 19))));
        Assert.Contains(notes, note => note.Contains("it decoded a film otherwise than the processor", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyCollection<string>> ScanAsync(Func<CudaAccelerator, CudaPrimaryContext> adopt, Action<IlgpuDevice>? open = null)
    {
        using var archive = new SmallArchive();
        var run = await archive.IndexAsync("mock");
        var device = IlgpuDevice.OnCuda(0, _ => new(archive.Model, Batch, threads: 1), adopt);
        Assert.Equal("cuda", device.Kind);
        open?.Invoke(device);
        var outcome = await archive.ScanAsync(run, device);
        Assert.True(outcome.IsComplete);
        Assert.Equal(SmallArchive.Films + SmallArchive.Broken, SmallArchive.Rows(run).Length);
        if (open is null) Assert.Equal(device.Notes, RunFolder.Open(run.FullPath).Manifest.Devices!.Single().Notes);
        return device.Notes;
    }

    /// <summary>Names of the calls of a scan in a process that has the mock as its driver.</summary>
    private static async Task<List<string>> ScanAsync(string method)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/cc"), "the mock driver is compiled with cc");
        var kit = SharedFolder.Require("gpu", "mock", "mock_cuda.c");
        var folder = Directory.CreateTempSubdirectory("bis-mock-").FullName;
        try
        {
            var source = Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Inference", "Mock", "mock_driver.c");
            var (built, _, errors) = await ChildProcess.RunAsync(
                "cc", ["-O2", "-shared", "-fPIC", "-DKIT=\"mock_cuda.c\"", "-I", Path.GetDirectoryName(kit)!, "-Wl,-soname,libcuda.so.1",
                    "-o", Path.Combine(folder, "libcuda.so.1"), source, "-lpthread"]);
            Assert.True(built == 0, errors);

            var (code, output, trace) = await ChildProcess.RunAsync(
                "dotnet", ["exec", typeof(MockDriverTests).Assembly.Location, "-noColor", "-explicit", "only", "-method", $"*.{method}"],
                ("LD_LIBRARY_PATH", folder), ("MOCK_TRACE", "1"));
            Assert.True(code == 0, output + trace);
            Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
            Assert.Contains("own contexts left 0, primary references left 0; violations 0", trace, StringComparison.Ordinal);
            return [.. trace.Split('\n').Where(line => line.StartsWith("mock: cu", StringComparison.Ordinal)).Select(line => line[6..].Split(' ')[0])];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
