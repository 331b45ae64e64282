using System.IO.Compression;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Lines of a compressed file beside the scripts that make them.</summary>
internal static class OracleFile
{
    /// <summary>Comma-separated lines of <c>Oracle/<paramref name="name"/></c>.</summary>
    public static IEnumerable<string[]> Read(string name)
    {
        var path = Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Dicom", "Oracle", name);
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line) yield return line.Split(',');
    }
}
