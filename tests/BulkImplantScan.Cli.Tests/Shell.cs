using System.Diagnostics;

namespace BulkImplantScan.Cli.Tests;

/// <summary>Runs the product as a user does: a process, its exit code, what it says on stdout and stderr.</summary>
internal static class Shell
{
    private static readonly string Configuration =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The program that run.sh starts.</summary>
    public static string Program { get; } =
        Path.Combine(SharedFolder.Repository, "src", "BulkImplantScan.Cli", "bin", Configuration, "net10.0", "bis");

    public static Process Start(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // A test must not make a key in the configuration of whoever runs it.
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Path.GetTempPath(), "bis-test-config");
        return Process.Start(start)!;
    }

    public static async Task<(int Code, string Out, string Error)> WaitAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode, await output, await error);
        }
    }

    public static Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments) => WaitAsync(Start(Program, arguments));
}
