using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using JpegLibrary;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>JPEG lossless SV1: hip 2140×1760, 10 of 16 bits (7.53 MB decoded), and mammogram 3062×2394, 12 of 16 (14.66 MB).</summary>
/// <remarks>MB/s = those / time.</remarks>
[MemoryDiagnoser]
public class JpegLosslessBenchmarks
{
    // Lives as long as the process: BenchmarkDotNet wants no disposable benchmarks.
    private static readonly PixelBufferPool Pool = new();
    private RealFilm _film = null!;
    private byte[] _codestream = null!;
    private ushort[] _target = null!;

    [Params("hip_cr_jpegll70.dcm", "breast_mg_voilut.dcm")]
    public string Film { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _film = new(Film);
        _codestream = _film.Codestream();
        var description = _film.Dataset.DescribePixels(_film.File);
        _target = new ushort[description.SampleCount];

        // Both must give the same pixels, or the comparison is void.
        JpegLibrary();
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        if (!pixels.Samples<ushort>().SequenceEqual(_target)) throw new InvalidOperationException("pixels differ");
    }

    [Benchmark(Baseline = true)]
    public void JpegLibrary()
    {
        var decoder = new JpegDecoder();
        decoder.SetInput(_codestream);
        decoder.Identify();
        decoder.SetOutputWriter(new Writer(_target, decoder.Width, decoder.Height));
        decoder.Decode();
    }

    [Benchmark]
    public int Ours()
    {
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        return pixels.Rows;
    }

    // JpegLibrary hands out blocks of 8 × 8.
    private sealed class Writer(ushort[] target, int width, int height) : JpegBlockOutputWriter
    {
        public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            if (x >= width || y >= height) return;
            var block = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref blockRef, 64);
            var (columns, rows) = (Math.Min(8, width - x), Math.Min(8, height - y));
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    target[(y + row) * width + x + column] = (ushort)block[8 * row + column];
        }
    }
}
