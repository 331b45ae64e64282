using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>Kernels become PTX without a GPU: what only fails on one must not wait for one.</summary>
public class KernelCompilationTests
{
    /// <summary>Static shared memory that a kernel may have on every device, without asking for more.</summary>
    private const int SharedLimitBytes = 48 << 10;

    private static readonly (int Major, int Minor)[] Architectures = [(7, 5), (8, 0), (9, 0)];

    /// <summary>By name; no list to forget a kernel in.</summary>
    private static readonly Dictionary<string, MethodInfo> Kernels =
        PtxOfKernels.FindIn(typeof(PreprocessKernel).Assembly).ToDictionary(PtxOfKernels.NameOf);

    public static TheoryData<string> Names => [.. Kernels.Keys];

    /// <summary>Also the table of the log: one line a kernel and architecture.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kernel_compiles_to_PTX_without_local_memory_or_approximate_arithmetic(string kernel)
    {
        foreach (var (major, minor) in Architectures)
        {
            var ptx = PtxOfKernels.Compile(Kernels[kernel], major, minor);
            var shared = PtxOfKernels.SharedBytes(ptx);
            var usage = PtxOfKernels.AssemblerReport(ptx, major, minor) ?? "no ptxas here: registers and spills unknown";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"kernel {kernel,-28} sm_{major}{minor} ptx {ptx.Length,7} B  shared {shared,6} B  {usage}"));

            Assert.Contains(".visible .entry", ptx);
            Assert.DoesNotContain(".approx", ptx);
            Assert.DoesNotContain(".local", ptx);
            Assert.InRange(shared, 0, SharedLimitBytes);
        }
    }

    [Theory]
    [InlineData(nameof(ChannelMeansKernel))]
    [InlineData(nameof(CamKernel))]
    public void NaN_is_not_lost_in_a_maximum_of_PTX(string kernel) =>
        Assert.DoesNotContain("max.f32", PtxOfKernels.Compile(Kernels[kernel], 8, 0)); // it yields the other operand; the CPU emulator does not

    [Fact]
    public void Preprocessing_has_four_loads_of_16_bytes_under_way()
    {
        // Between the first and the last nothing waits for a value, and no branch is in the way.
        var ptx = PtxOfKernels.Compile(Kernels[nameof(PreprocessKernel)], 9, 0);
        const string Address = @"\s+mad\.lo\.u64[^\n]*\n";
        const string Load = @"\s+ld\.v4\.b32[^\n]*\n";
        Assert.Matches(new Regex($"(?:{Address}{Load}){{4}}"), ptx);
    }

    [Fact]
    public void Kernels_are_found_by_their_launches_and_named_after_what_they_do()
    {
        Assert.Superset(
            new HashSet<string> { nameof(PreprocessKernel), nameof(ChannelMeansKernel), nameof(CamKernel) }, Kernels.Keys.ToHashSet());

        // The other way round: a class that calls itself a kernel is launched somewhere, and so compiled above.
        var named = typeof(PreprocessKernel).Assembly.GetTypes().Where(type => type.Name.EndsWith("Kernel", StringComparison.Ordinal));
        Assert.All(named, type => Assert.Contains(Kernels.Values, kernel => kernel.DeclaringType == type));
    }

    [Fact]
    public void A_kernel_that_is_launched_anywhere_is_found_whatever_its_name()
    {
        var here = PtxOfKernels.FindIn(typeof(KernelCompilationTests).Assembly).Select(method => method.Name);
        Assert.Contains(nameof(UnnamedKernel.Twice), here);
    }
}
