using System.Diagnostics;

namespace BulkImplantScan.Tests.Archive;

/// <summary>Makes what .NET cannot: names that are no text, pipes, chains of links. Skips the test on other systems.</summary>
internal static class LinuxTree
{
    /// <summary>Runs a script in a folder.</summary>
    public static void Make(string folder, string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "names that are no text and pipes are made on Linux only");
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-euc", script]) { WorkingDirectory = folder })!;
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
    }
}
