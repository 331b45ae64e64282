using System.Diagnostics;

namespace BulkImplantScan.Tests.Archive.Containers;

/// <summary>Packers by others. A test that needs one is skipped, visibly, where it is missing.</summary>
internal static class Tools
{
    /// <summary>Runs a program in a folder and expects it to succeed.</summary>
    public static void Run(string folder, string program, params string[] arguments)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin");
        Assert.SkipUnless(path.Any(one => File.Exists(Path.Combine(one, program))), $"{program} is not installed");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {output}{error.Result}");
    }

    /// <summary>Runs a script of Python, of which only the standard library is used.</summary>
    public static void Python(string folder, string script) => Run(folder, "python3", "-c", script);
}
