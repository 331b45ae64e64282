using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>From the file's bytes to one grey sample a pixel, 2500 × 2048: grey is only copied, colour becomes luminance.</summary>
[MemoryDiagnoser]
public class GrayFilmBenchmarks
{
    private static readonly PixelBufferPool Pool = new();
    private readonly MadeFilm _grey = new(12, 1), _rgb8 = new(8, 3), _rgb16 = new(16, 3);

    [Benchmark(Baseline = true)]
    public int Grey_12() => Make(_grey);

    [Benchmark]
    public int Rgb_8() => Make(_rgb8);

    [Benchmark]
    public int Rgb_16() => Make(_rgb16);

    private static int Make(MadeFilm film)
    {
        using var pixels = GrayFilm.Of(film.File, film.Dataset, film.Decode(Pool), Pool).Pixels!;
        return pixels.Columns;
    }
}
