using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>Finding the field of view of 2500 × 2048 films: with a black shutter at all sides, with an unexposed border at one,
/// with none; and the rows and columns of padding.</summary>
/// <remarks>Eight films in turn, so that they come from memory, as they do after decoding others.</remarks>
[MemoryDiagnoser]
public class FieldOfViewBenchmarks
{
    private const int Rows = 2500;
    private const int Columns = 2048;
    private static readonly PixelBufferPool Pool = new();
    private readonly StoredPixels[] _films = new StoredPixels[8];
    private int _next;

    [Params("shutter", "unexposed", "none")]
    public string Border { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < _films.Length; i++)
        {
            var film = _films[i] = new(Pool.Rent(2L * Rows * Columns), SampleKind.U16, Rows, Columns, 1, 12);
            var random = new Random(i);
            var samples = film.Samples<ushort>();
            for (var y = 0; y < Rows; y++)
            {
                for (var x = 0; x < Columns; x++)
                {
                    var isBorder = Border switch
                    {
                        "shutter" => y is < 160 or >= Rows - 120 || x is < 90 or >= Columns - 200,
                        "unexposed" => x < 150,
                        _ => false,
                    };
                    samples[(y * Columns) + x] = (ushort)(
                        isBorder ? Border == "shutter" ? 0 : 3800 + random.Next(100)
                        : 1200 + (500 * Math.Sin(x / 170.0) * Math.Cos(y / 230.0)) + random.Next(80));
                }
            }
        }
    }

    /// <summary>What any evidence from the image pays at least: one sample of each grid cell.</summary>
    [Benchmark(Baseline = true)]
    public int OneSampleAGridCell()
    {
        var (film, sum) = (Next(), 0);
        var samples = film.Samples<ushort>();
        for (var y = 4; y < Rows; y += 8)
            for (var x = 4; x < Columns; x += 8) sum += samples[(y * Columns) + x];
        return sum;
    }

    [Benchmark]
    public FieldOfView Image()
    {
        var film = Next();
        return ImageBorder.Find(film, FieldOfView.Whole(film), isInverted: false);
    }

    [Benchmark]
    public FieldOfView Padding()
    {
        var film = Next();
        return PaddingBorder.Find(film, FieldOfView.Whole(film), new(0, 0));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var film in _films) film.Dispose();
    }

    private StoredPixels Next() => _films[_next++ % _films.Length];
}
