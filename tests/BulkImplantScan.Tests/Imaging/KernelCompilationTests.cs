using System.Reflection;
using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>Kernels become PTX without a GPU: what only fails on one must not wait for one.</summary>
public class KernelCompilationTests
{
    public static TheoryData<string, int, int> Targets()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var kernel in Kernels.Keys)
            foreach (var (major, minor) in new[] { (7, 5), (8, 0), (9, 0) }) data.Add(kernel, major, minor);
        return data;
    }

    private static readonly Dictionary<string, MethodInfo> Kernels = typeof(PreprocessKernel).Assembly.GetExportedTypes()
        .Where(type => type.Name.EndsWith("Kernel", StringComparison.Ordinal))
        .ToDictionary(type => type.Name, type => type.GetMethod("Execute")!);

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_kernel_compiles_to_PTX_without_local_memory_or_approximate_arithmetic(string kernel, int major, int minor)
    {
        var ptx = Compile(kernel, major, minor);
        Assert.Contains(".visible .entry", ptx);
        Assert.DoesNotContain(".approx", ptx);
        Assert.DoesNotContain(".local", ptx);
    }

    [Theory]
    [InlineData(nameof(WeightedSumKernel))]
    [InlineData(nameof(PeakKernel))]
    public void NaN_is_not_lost_in_a_maximum_of_PTX(string kernel) =>
        Assert.DoesNotContain("max.f32", Compile(kernel, 8, 0)); // it yields the other operand; the CPU emulator does not

    [Fact]
    public void All_kernels_are_found() => Assert.Superset(
        new HashSet<string>
        {
            nameof(PreprocessKernel), nameof(ChannelMeanKernel), nameof(WeightedSumKernel), nameof(PeakKernel), nameof(NormaliseKernel),
            nameof(JpegSynchroniseKernel), nameof(JpegJoinKernel), nameof(JpegDifferencesKernel), nameof(JpegFirstColumnKernel),
            nameof(JpegRowsKernel), nameof(JpegWavefrontKernel),
        },
        Kernels.Keys.ToHashSet());

    private static string Compile(string kernel, int major, int minor)
    {
        using var context = Context.CreateDefault();
        using var backend = new PTXBackend(
            context, new CudaArchitecture(major, minor), CudaInstructionSet.ISA_80, null!);
        var method = Kernels[kernel];
        var entry = method.GetParameters()[0].ParameterType == typeof(Index1D)
            ? EntryPointDescription.FromImplicitlyGroupedKernel(method)
            : EntryPointDescription.FromExplicitlyGroupedKernel(method);

        return ((PTXCompiledKernel)backend.Compile(entry, default)).PTXAssembly;
    }
}
