using BulkImplantScan.Tests.Dicom;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary><c>benchmarks/gpu/report.py</c>, which judges what a GPU did: by its own tests.</summary>
public sealed class GpuReportTests
{
    [Fact]
    public void The_report_of_the_gpu_script_passes_its_tests()
    {
        var python = ExternalTool.Require("python3", "python3");
        var (exitCode, error) = ExternalTool.Run(python, "-B", Path.Combine(SharedFolder.Repository, "benchmarks", "gpu", "test_report.py"));
        Assert.True(exitCode == 0, error);
    }
}
