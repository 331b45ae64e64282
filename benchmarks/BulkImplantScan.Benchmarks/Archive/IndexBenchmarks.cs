using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Benchmarks.Archive;

/// <summary>Files a second of <c>index</c> from a warm page cache: films of 256 KiB, 50 a folder.</summary>
/// <remarks>Real films are 10 to 20 MB, so reading them whole costs the naive loop far more than here.</remarks>
[MemoryDiagnoser]
public class IndexBenchmarks
{
    private const int Files = 4000;
    private static readonly SiteKey Key = new(new byte[SiteKey.Bytes]);
    private string _folder = "";

    [GlobalSetup]
    public void MakeArchive()
    {
        _folder = Directory.CreateTempSubdirectory("bulkimplantscan-bench-").FullName;
        for (var i = 0; i < Files; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, "archive", $"{i / 50}"));
            File.WriteAllBytes(Path.Combine(folder.FullName, $"{i}.dcm"), Film(i));
        }
    }

    [GlobalCleanup]
    public void DeleteArchive() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true, OperationsPerInvoke = Files)]
    public int Naive()
    {
        var (films, dataset) = (0, new DicomDataset());
        foreach (var path in Directory.EnumerateFiles(Path.Combine(_folder, "archive"), "*.dcm", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path);
            if (DicomReader.Parse(bytes, isWholeFile: true, dataset).Status == ParseStatus.Ok) films++;
        }

        return films;
    }

    [Benchmark(OperationsPerInvoke = Files)]
    public Task<IndexProgress> Index_1_worker() => Index(1);

    [Benchmark(OperationsPerInvoke = Files)]
    public Task<IndexProgress> Index_2_workers() => Index(2);

    [Benchmark(OperationsPerInvoke = Files)]
    public int Walk_alone() => new FolderWalker(Path.Combine(_folder, "archive")).Walk().Count();

    private Task<IndexProgress> Index(int workers)
    {
        var run = RunFolder.Create(Path.Combine(_folder, "run"), new()
        {
            ProductVersion = "0",
            ArchiveRoot = Path.Combine(_folder, "archive"),
            ChunkFilms = Chunk.Films,
            SiteKeyId = Key.Id,
        });
        return Indexer.RunAsync(run, Key, workers, null, CancellationToken.None);
    }

    private static byte[] Film(int number)
    {
        var file = new MemoryStream();
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        Text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
        Text(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.1.1");
        Text(0x0008, 0x0018, "UI", $"1.2.826.0.1.{number}");
        Text(0x0008, 0x0020, "DA", "20190314");
        Text(0x0008, 0x0060, "CS", "DX");
        Text(0x0008, 0x0070, "LO", "A maker of machines");
        Text(0x0008, 0x0080, "LO", "A general hospital");
        Text(0x0010, 0x0020, "LO", $"{number / 3}");
        Text(0x0018, 0x0015, "CS", "HIP");
        for (ushort element = 0x1000; element < 0x1040; element++) Text(0x0019, element, "LO", "what consoles add to a header");
        Text(0x0020, 0x000D, "UI", $"1.2.826.0.2.{number / 2}");
        Word(0x0002, 1);
        Text(0x0028, 0x0004, "CS", "MONOCHROME2");
        Word(0x0010, 362);
        Word(0x0011, 362);
        Word(0x0100, 16);
        Word(0x0101, 12);
        Word(0x0102, 11);
        Word(0x0103, 0);
        Element(0x7FE0, 0x0010, "OW", new byte[362 * 362 * 2]);
        return file.ToArray();

        void Text(ushort group, ushort element, string vr, string value) =>
            Element(group, element, vr, Encoding.ASCII.GetBytes(value.Length % 2 == 0 ? value : value + (vr == "UI" ? '\0' : ' ')));

        void Word(ushort element, ushort value) => Element(0x0028, element, "US", [(byte)value, (byte)(value >> 8)]);

        void Element(ushort group, ushort element, string vr, byte[] value)
        {
            var header = new byte[vr == "OW" ? 12 : 8];
            BinaryPrimitives.WriteUInt16LittleEndian(header, group);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), element);
            Encoding.ASCII.GetBytes(vr, header.AsSpan(4));
            if (vr == "OW") BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), value.Length);
            else BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)value.Length);
            file.Write(header);
            file.Write(value);
        }
    }
}
