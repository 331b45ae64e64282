using System.Diagnostics;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Programs by others that tests hold ours to (<see cref="Oracles"/>).</summary>
internal static class ExternalTool
{
    // Debian's packages belong to this interpreter; another one on the path does not see them.
    private const string Python = "/usr/bin/python3";

    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/bin"];

    /// <summary>Runs a script of <c>Dicom/Oracle</c> that needs pydicom and numpy.</summary>
    public static void Pydicom(string script, params string[] arguments)
    {
        Oracles.Require(File.Exists(Python), $"{Python} is not here");
        Oracles.Require(Run(Python, "-c", "import pydicom, numpy").ExitCode == 0, "pydicom or numpy is not here (python3-pydicom, python3-numpy)");
        var path = Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Dicom", "Oracle", script);
        var (exitCode, error) = Run(Python, [path, .. arguments]);
        Assert.True(exitCode == 0, error);
    }

    /// <summary>Path of a program.</summary>
    public static string Require(string name, string package)
    {
        var path = Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Oracles.Require(path is not null, $"{name} is not here (package {package})");
        return path!;
    }

    /// <summary>Runs a program to its end.</summary>
    public static (int ExitCode, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += static (_, _) => { }; // read away, or a full pipe stops the program
        process.BeginOutputReadLine();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
