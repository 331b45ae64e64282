using System.Diagnostics;
using BulkImplantScan.Tests.Dicom;

namespace BulkImplantScan.Tests.Archive.Containers;

/// <summary>Packers by others (<see cref="Oracles"/>).</summary>
internal static class Tools
{
    /// <summary>Runs a program in a folder and expects it to succeed.</summary>
    public static void Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(ExternalTool.Require(program, program == "7z" ? "p7zip-full" : program), arguments)
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
