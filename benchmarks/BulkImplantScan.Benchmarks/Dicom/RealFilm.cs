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

    /// <summary>The only fragment of a film of one.</summary>
    public ReadOnlyMemory<byte> Fragment()
    {
        var at = Dataset.PixelData!.Value.Offset;
        at += 8 + BitConverter.ToInt32(File, at + 4);
        return File.AsMemory(at + 8, BitConverter.ToInt32(File, at + 4));
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
