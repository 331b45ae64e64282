using System.Diagnostics;

namespace BulkImplantScan.Tests.Results;

/// <summary>A folder for one test, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("bulkimplantscan-").FullName;

    public string this[params string[] names] => Path.Combine([FullPath, .. names]);

    public void Dispose()
    {
        // .NET cannot delete a folder whose name is no text, nor a tree deeper than a path may be long.
        if (OperatingSystem.IsLinux()) Process.Start("rm", ["-rf", FullPath]).WaitForExit();
        else Directory.Delete(FullPath, recursive: true);
    }
}
