using System.IO.Compression;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>Bytes in memory → network input of 3 × 224², 2500×2048, 12 bits: native, deflated data set, deflated frame. films/s = 1 / mean.</summary>
[MemoryDiagnoser]
public class DeflatedBenchmarks
{
    private const int Rows = 2500, Columns = 2048;

    // Lives as long as the process: BenchmarkDotNet wants no disposable benchmarks.
    private static readonly PixelBufferPool Pool = new();
    private readonly InputGeometry _input = new(3, 224, 224, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
    private readonly PreprocessScratch _scratch = new();
    private readonly DicomDataset _dataset = new();
    private float[] _target = [];
    private byte[] _native = [], _deflated = [], _deflatedFrame = [];

    [GlobalSetup]
    public void Setup()
    {
        _target = new float[_input.FilmLength];
        var random = new Random(1);
        var pixels = new ushort[Rows * Columns];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (ushort)(4095 * (0.5 + 0.3 * Math.Sin(i % Columns * 0.004) * Math.Cos(i / Columns * 0.003) + 0.02 * random.NextDouble()));
        var samples = MemoryMarshal.AsBytes<ushort>(pixels);
        _native = [.. Meta(TransferSyntaxes.ExplicitLittleEndian), .. DataSet(samples, isEncapsulated: false)];
        _deflated = [.. Meta(TransferSyntaxes.DeflatedLittleEndian), .. Deflate(DataSet(samples, isEncapsulated: false))];
        _deflatedFrame = [.. Meta(TransferSyntaxes.DeflatedImageFrame), .. DataSet(Deflate(samples), isEncapsulated: true)];

        var expected = FrontEnd(_native);
        if (FrontEnd(_deflated) != expected || FrontEnd(_deflatedFrame) != expected) throw new InvalidOperationException("inputs differ");
    }

    [Benchmark(Baseline = true)]
    public float Native() => FrontEnd(_native);

    [Benchmark]
    public float Deflated() => FrontEnd(_deflated);

    [Benchmark]
    public float Deflated_frame() => FrontEnd(_deflatedFrame);

    private float FrontEnd(byte[] file)
    {
        using var parsed = ParsedFile.Open(file, _dataset, Pool);
        using var pixels = FrameDecoder.Decode(parsed.Bytes, _dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        if (PixelSanity.Check(pixels) is { } seen) throw new InvalidOperationException(seen);
        var grayscale = GrayscalePipeline.Compile(parsed.Bytes, _dataset, pixels);
        PreprocessSimd.Run(pixels, grayscale.Transform, _input, _target, _scratch);
        return _target[_target.Length / 2];
    }

    private static byte[] Meta(string syntax)
    {
        if (syntax.Length % 2 != 0) syntax += '\0';
        return [.. new byte[128], .. "DICM"u8, .. Header(2, 0x10, "UI", syntax.Length), .. System.Text.Encoding.ASCII.GetBytes(syntax)];
    }

    private static byte[] DataSet(ReadOnlySpan<byte> pixels, bool isEncapsulated)
    {
        using var bytes = new MemoryStream();
        foreach (var (element, value) in ((ushort, ushort)[])[(0x02, 1), (0x10, Rows), (0x11, Columns), (0x100, 16), (0x101, 12), (0x102, 11), (0x103, 0)])
        {
            if (element == 0x10)
            {
                bytes.Write(Header(0x28, 0x04, "CS", 12));
                bytes.Write("MONOCHROME2 "u8);
            }

            bytes.Write([.. Header(0x28, element, "US", 2), (byte)value, (byte)(value >> 8)]);
        }

        var padded = (pixels.Length + 1) & ~1;
        bytes.Write([0xE0, 0x7F, 0x10, 0, (byte)'O', isEncapsulated ? (byte)'B' : (byte)'W', 0, 0, .. BitConverter.GetBytes(isEncapsulated ? -1 : padded)]);
        if (isEncapsulated) bytes.Write([0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0x00, 0xE0, .. BitConverter.GetBytes(padded)]);
        bytes.Write(pixels);
        if (padded > pixels.Length) bytes.WriteByte(0);
        if (isEncapsulated) bytes.Write([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        return bytes.ToArray();
    }

    private static byte[] Header(ushort group, ushort element, string vr, int length) =>
        [(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), (byte)vr[0], (byte)vr[1], (byte)length, (byte)(length >> 8)];

    private static byte[] Deflate(ReadOnlySpan<byte> bytes)
    {
        using var deflated = new MemoryStream();
        using (var stream = new DeflateStream(deflated, CompressionLevel.Optimal)) stream.Write(bytes);
        return deflated.ToArray();
    }
}
