using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using JpegLibrary;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>JPEG extended, hip 2140×1760, 10 bits stored, 12 in the stream (7.53 MB decoded), and baseline, chest 1024², 8 bits (1.05 MB).</summary>
/// <remarks>Both by JpegLibrary: the difference is what its guards and the checks behind it cost, and what the pool saves.</remarks>
[MemoryDiagnoser]
public class JpegBenchmarks
{
    // Lives as long as the process: BenchmarkDotNet wants no disposable benchmarks.
    private static readonly PixelBufferPool Pool = new();
    private RealFilm _film = null!;
    private byte[] _codestream = null!;

    [Params("hip_cr_jpeg51.dcm", "chest_cr_mono1_jpeg50.dcm")]
    public string Film { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _film = new(Film);
        _codestream = _film.Codestream();
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        var theirs = JpegLibrary();
        for (var i = 0; i < theirs.Length; i++)
        {
            var ours = pixels.BytesPerSample == 1 ? pixels.Samples<byte>()[i] : pixels.Samples<ushort>()[i];
            if (ours != Math.Clamp(theirs[i], (short)0, (short)((1 << pixels.BitsStored) - 1))) throw new InvalidOperationException("pixels differ");
        }
    }

    [Benchmark(Baseline = true)]
    public short[] JpegLibrary()
    {
        var decoder = new JpegDecoder();
        decoder.SetInput(_codestream);
        decoder.Identify();
        var target = new short[decoder.Width * decoder.Height];
        decoder.SetOutputWriter(new Writer(target, decoder.Width, decoder.Height));
        decoder.Decode();
        return target;
    }

    [Benchmark]
    public int Ours()
    {
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        return pixels.Rows;
    }

    private sealed class Writer(short[] target, int width, int height) : JpegBlockOutputWriter
    {
        public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            if (x >= width || y >= height) return;
            var block = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref blockRef, 64);
            var (columns, rows) = (Math.Min(8, width - x), Math.Min(8, height - y));
            for (var row = 0; row < rows; row++)
                block.Slice(8 * row, columns).CopyTo(target.AsSpan((y + row) * width + x));
        }
    }
}
