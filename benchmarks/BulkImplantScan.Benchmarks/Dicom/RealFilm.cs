using BulkImplantScan.Dicom;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>A film of ../shared/data/dicom, read and parsed.</summary>
internal sealed class RealFilm
{
    public RealFilm(string name)
    {
        Path = System.IO.Path.Combine(Folder(), name);
        File = System.IO.File.ReadAllBytes(Path);
        if (DicomReader.Parse(File, true, Dataset).Status != ParseStatus.Ok) throw new InvalidOperationException(name);
    }

    public string Path { get; }

    public byte[] File { get; }

    public DicomDataset Dataset { get; } = new();

    /// <summary>All fragments of a film of one frame, joined.</summary>
    public byte[] Codestream()
    {
        using var joined = new MemoryStream();
        var at = Dataset.PixelData!.Value.Offset;
        at += 8 + BitConverter.ToInt32(File, at + 4); // the offset table
        while (at + 8 <= File.Length && BitConverter.ToUInt32(File, at) == 0xE000FFFE)
        {
            var length = BitConverter.ToInt32(File, at + 4);
            joined.Write(File, at + 8, length);
            at += 8 + length;
        }

        return joined.ToArray();
    }

    // BenchmarkDotNet runs a generated program some folders below; the repository is the folder with the solution.
    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "BulkImplantScan.sln")))
                return System.IO.Path.Combine(folder.FullName, "..", "shared", "data", "dicom");
        }

        throw new InvalidOperationException("BulkImplantScan.sln is not above " + AppContext.BaseDirectory);
    }
}
