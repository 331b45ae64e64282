using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>What a process of its own costs: hip 2140×1760, 10 of 16 bits (7.53 MB decoded), JPEG 2000.</summary>
/// <remarks>Only films that a library decodes: JPEG-LS of one component is decoded by <see cref="JpegLsCodec"/> in either mode.</remarks>
[MemoryDiagnoser]
public class NativeCodecBenchmarks
{
    // Live as long as the process: BenchmarkDotNet wants no disposable benchmarks.
    private static readonly PixelBufferPool Pool = new();
    private static readonly DecodeSettings InThisProcess = DecodeSettings.Exact with { NativeCodecs = new(new() { Mode = NativeCodecMode.InProcess }) };
    private static readonly DecodeSettings InItsOwn = DecodeSettings.Exact with { NativeCodecs = new(new()) };
    private RealFilm _film = null!;

    [Params("hip_cr_j2k90.dcm", "hip_cr_j2k91.dcm")]
    public string Film { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _film = new(Film);
        using var here = FrameDecoder.Decode(_film.File, _film.Dataset, 1, InThisProcess, Pool).Pixels!;
        using var there = FrameDecoder.Decode(_film.File, _film.Dataset, 1, InItsOwn, Pool).Pixels!;
        if (!here.Bytes.SequenceEqual(there.Bytes)) throw new InvalidOperationException("pixels differ");
    }

    [Benchmark(Baseline = true)]
    public int InProcess() => Decode(InThisProcess);

    [Benchmark]
    public int Isolated() => Decode(InItsOwn);

    private int Decode(DecodeSettings settings)
    {
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, settings, Pool).Pixels!;
        return pixels.Rows;
    }
}
