using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>JPEG 2000 at the size that networks need: a phantom of 2500 rows, lossless, for networks of 320 and of 224 pixels (1 and 2 levels left
/// out), as the scan decodes it. Needs opj_compress.</summary>
[MemoryDiagnoser]
public class ReducedResolutionBenchmarks
{
    // Live as long as the process: BenchmarkDotNet wants no disposable benchmarks.
    private static readonly PixelBufferPool Pool = new();
    private static readonly NativeCodecs Codecs = new(new());
    private readonly DicomDataset _dataset = new();
    private byte[] _file = null!;

    [GlobalSetup]
    public void Setup()
    {
        var folder = Directory.CreateTempSubdirectory("bis-reduced-").FullName;
        PhantomArchive.Write(new() { Count = 1, OutFolder = folder, LongSidePixels = 2500 }, null, CancellationToken.None);
        var film = Directory.GetFiles(Path.Combine(folder, "films"), "*", SearchOption.AllDirectories).Single();
        _file = Jpeg2000Writer.Transcode(File.ReadAllBytes(film));
        Directory.Delete(folder, recursive: true);
        if (DicomReader.Parse(_file, true, _dataset).Status != ParseStatus.Ok) throw new InvalidOperationException("no DICOM that parses");
        if (For320() != 1250 || For224() != 625) throw new InvalidOperationException("not reduced");
    }

    [Benchmark(Baseline = true)]
    public int Exact() => Decode(0);

    [Benchmark]
    public int For320() => Decode(640);

    [Benchmark]
    public int For224() => Decode(448);

    private int Decode(int leastSide)
    {
        using var pixels = FrameDecoder.Decode(_file, _dataset, 1, new() { LeastSide = leastSide, NativeCodecs = Codecs }, Pool).Pixels!;
        return Math.Max(pixels.Rows, pixels.Columns);
    }
}
