using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>What the grayscale pipeline of a film of 2500 × 2048 costs, by how the film is shown.</summary>
[MemoryDiagnoser]
public class GrayscaleCompileBenchmarks
{
    private static readonly PixelBufferPool Pool = new();
    private readonly MadeFilm _none12 = new(12, 1), _none16 = new(16, 1);
    private readonly MadeFilm _window = new(12, 1, Window("2000", "3000"));
    private readonly MadeFilm _sigmoid = new(12, 1, [.. Window("2000", "3000"), (DicomTags.VoiLutFunction, "CS", MadeFilm.Text("SIGMOID"))]);
    private readonly MadeFilm _table12 = new(12, 1, Table(4096, 12)), _table16 = new(16, 1, Table(0, 16));
    private readonly Dictionary<MadeFilm, StoredPixels> _pixels = [];

    [GlobalSetup]
    public void Setup()
    {
        foreach (var film in (MadeFilm[])[_none12, _none16, _window, _sigmoid, _table12, _table16]) _pixels[film] = film.Decode(Pool).Pixels!;
    }

    /// <summary>Four numbers.</summary>
    [Benchmark(Baseline = true)]
    public string Window_12() => Compile(_window);

    /// <summary>A table of 4,096 entries.</summary>
    [Benchmark]
    public string Sigmoid_12() => Compile(_sigmoid);

    [Benchmark]
    public string VoiLut_12() => Compile(_table12);

    [Benchmark]
    public string VoiLut_16() => Compile(_table16);

    /// <summary>A histogram of all pixels.</summary>
    [Benchmark]
    public string Percentile_12() => Compile(_none12);

    [Benchmark]
    public string Percentile_16() => Compile(_none16);

    private static (DicomTag, string, byte[])[] Window(string center, string width) =>
        [(DicomTags.WindowCenter, "DS", MadeFilm.Text(center)), (DicomTags.WindowWidth, "DS", MadeFilm.Text(width))];

    private static (DicomTag, string, byte[])[] Table(ushort count, ushort bits)
    {
        var entries = count == 0 ? 65536 : count;
        ushort[] data = [.. Enumerable.Range(0, entries).Select(i => (ushort)(Math.Sqrt(i / (entries - 1.0)) * ((1 << bits) - 1)))];
        ushort[] descriptor = [count, 0, bits];
        byte[] item =
        [
            0x28, 0, 0x02, 0x30, (byte)'U', (byte)'S', 6, 0, .. MemoryMarshal.AsBytes<ushort>(descriptor),
            0x28, 0, 0x06, 0x30, (byte)'O', (byte)'W', 0, 0, .. BitConverter.GetBytes(2 * entries), .. MemoryMarshal.AsBytes<ushort>(data),
        ];
        return [(DicomTags.VoiLutSequence, "SQ", [0xFE, 0xFF, 0x00, 0xE0, .. BitConverter.GetBytes(item.Length), .. item])];
    }

    private string Compile(MadeFilm film)
    {
        var compiled = GrayscalePipeline.Compile(film.File, film.Dataset, _pixels[film]);
        compiled.Transform.Dispose();
        return compiled.Voi;
    }
}
