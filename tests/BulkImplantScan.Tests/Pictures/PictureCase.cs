using System.IO.Compression;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Tests.Pictures;

/// <summary>A picture and the samples that other programs decode from it (Oracle/make_picture_cases.py).</summary>
public sealed record PictureCase(
    string Name, int Page, int Rows, int Columns, int Samples, int Bits, bool IsInverted, string Notes, int Tolerance, byte[] File, ushort[] Pixels)
{
    private static readonly Lazy<PictureCase[]> Loaded = new(Load);

    public static IReadOnlyList<PictureCase> All => Loaded.Value;

    public static PictureCase Of(string name) => All.Single(picture => picture.Name == name);

    public override string ToString() => Name;

    private static PictureCase[] Load()
    {
        var path = Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Pictures", "Oracle", "picture-cases.csv.gz");
        using var lines = new StreamReader(new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress));
        var cases = new List<PictureCase>();
        while (lines.ReadLine() is { } line)
        {
            var f = line.Split(',');
            cases.Add(new(
                f[0], int.Parse(f[1]), int.Parse(f[2]), int.Parse(f[3]), int.Parse(f[4]), int.Parse(f[5]), f[6] == "1", f[7], int.Parse(f[8]),
                Convert.FromBase64String(f[9]), MemoryMarshal.Cast<byte, ushort>(Convert.FromBase64String(f[10])).ToArray()));
        }

        return [.. cases];
    }
}
