using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>Compiling the grayscale pipeline of one real film: a window in four numbers, a VOI table, a percentile window.</summary>
[MemoryDiagnoser]
public class GrayscaleBenchmarks
{
    // Lives as long as the process: BenchmarkDotNet wants no disposable benchmarks.
    private static readonly PixelBufferPool Pool = new();
    private RealFilm _film = null!;
    private StoredPixels _pixels = null!;

    [Params("hip_cr_rle.dcm", "breast_mg_voilut.dcm", "dental_cr_modlut.dcm")]
    public string Film { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _film = new(Film);
        _pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
    }

    /// <summary>What any way of windowing pays at least: a look at each pixel.</summary>
    [Benchmark(Baseline = true)]
    public int OnePassOverThePixels()
    {
        var max = 0;
        foreach (var sample in _pixels.Samples<ushort>()) max = Math.Max(max, sample);
        return max;
    }

    [Benchmark]
    public string Compile()
    {
        var compiled = GrayscalePipeline.Compile(_film.File, _film.Dataset, _pixels);
        compiled.Transform.Dispose();
        return compiled.Voi;
    }

    [GlobalCleanup]
    public void Cleanup() => _pixels.Dispose();
}
