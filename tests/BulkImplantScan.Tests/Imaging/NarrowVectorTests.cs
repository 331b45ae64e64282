using System.Diagnostics;

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
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [instructions] = "0" },
        };
        foreach (var argument in (string[])
            ["exec", typeof(NarrowVectorTests).Assembly.Location, "-noColor", "-method", "*.PreprocessSimdTests.*",
                "-method", "*.All_vector_widths_give_the_same_bits", "-method", "*.Agrees_with_the_autograd_of_PyTorch"])
            start.ArgumentList.Add(argument);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, output + await errors);
            Assert.Contains("Total: 7, Errors: 0, Failed: 0, Skipped: 0", output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
