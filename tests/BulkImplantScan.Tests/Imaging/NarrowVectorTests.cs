namespace BulkImplantScan.Tests.Imaging;

/// <summary>The SIMD tests again, in a process of its own, as on machines with narrower vectors.</summary>
public class NarrowVectorTests
{
    /// <summary>Switches of the .NET runtime: they must be set before it starts.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512")] // AVX2: Vector<T> of 256 bits
    [InlineData("DOTNET_EnableAVX2")] // Vector<T> of 128 bits, as with NEON
    [InlineData("DOTNET_EnableHWIntrinsic")] // none: what is left is scalar
    public async Task The_SIMD_tests_pass_without(string instructions)
    {
        var (code, output, errors) = await ChildProcess.RunAsync(
            "dotnet",
            ["exec", typeof(NarrowVectorTests).Assembly.Location, "-noColor", "-method", "*.PreprocessSimdTests.*",
                "-method", "*.All_vector_widths_give_the_same_bits", "-method", "*.Agrees_with_the_autograd_of_PyTorch"],
            (instructions, "0"));
        Assert.True(code == 0, output + errors);
        Assert.Contains("Total: 7, Errors: 0, Failed: 0, Skipped: 0", output);
    }
}
