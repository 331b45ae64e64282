using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>What the checks after decoding cost, 2500×2048 16-bit cells: a film, a blank one (all of it is counted), and cleaning with its
/// look at the bits above.</summary>
[MemoryDiagnoser]
public class PixelSanityBenchmarks
{
    private const int Rows = 2500, Columns = 2048;

    // Lives as long as the process: BenchmarkDotNet wants no disposable benchmarks.
    private static readonly PixelBufferPool Pool = new();
    private readonly ImagePixelDescription _description = new(Rows, Columns, 1, 16, 12, 11, false, 0, "MONOCHROME2", 1);
    private readonly StoredPixels[] _films = new StoredPixels[2]; // noise and zeros

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < _films.Length; i++) _films[i] = new(Pool.Rent(2L * Rows * Columns), SampleKind.U16, Rows, Columns, 1, 12);
        var random = new Random(1);
        foreach (ref var sample in _films[0].Samples<ushort>()) sample = (ushort)random.Next(4096);
        _films[1].Bytes.Clear();
    }

    [Benchmark(Baseline = true)]
    public string? Film() => PixelSanity.Check(_films[0]);

    [Benchmark]
    public string? Blank_film() => PixelSanity.Check(_films[1]);

    [Benchmark]
    public uint Clean() => SampleCells.Clean(_films[0].Bytes, _description);

    [Benchmark]
    public string? Overshoot() => PixelSanity.Overshoot(_films[0].Bytes, _description);
}
