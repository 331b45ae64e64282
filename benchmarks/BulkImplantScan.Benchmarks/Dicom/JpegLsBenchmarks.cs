using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>JPEG-LS: hip 2140×1760, 10 of 16 bits (7.53 MB decoded), lossless and near-lossless; baseline the system's CharLS.</summary>
/// <remarks>MB/s = 7.53 / time.</remarks>
[MemoryDiagnoser]
public partial class JpegLsBenchmarks
{
    private static readonly PixelBufferPool Pool = new();
    private RealFilm _film = null!;
    private byte[] _codestream = null!;
    private ushort[] _target = null!;

    [Params("hip_cr_jls80.dcm", "hip_cr_jls81.dcm")]
    public string Film { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _film = new(Film);
        _codestream = _film.Codestream();
        _target = new ushort[_film.Dataset.DescribePixels(_film.File).SampleCount];

        // Both must give the same pixels, or the comparison is void.
        CharLs();
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        if (!pixels.Samples<ushort>().SequenceEqual(_target)) throw new InvalidOperationException("pixels differ");
    }

    [Benchmark(Baseline = true)]
    public void CharLs()
    {
        var decoder = Create();
        try
        {
            var target = MemoryMarshal.AsBytes(_target.AsSpan());
            if (SetSource(decoder, _codestream, (nuint)_codestream.Length) != 0 || ReadHeader(decoder) != 0
                || DecodeTo(decoder, ref MemoryMarshal.GetReference(target), (nuint)target.Length, 0) != 0)
            {
                throw new InvalidOperationException("CharLS refuses the film");
            }
        }
        finally
        {
            Destroy(decoder);
        }
    }

    [Benchmark]
    public int Ours()
    {
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        return pixels.Rows;
    }

    [LibraryImport("libcharls.so.2", EntryPoint = "charls_jpegls_decoder_create")]
    private static partial nint Create();

    [LibraryImport("libcharls.so.2", EntryPoint = "charls_jpegls_decoder_destroy")]
    private static partial void Destroy(nint decoder);

    [LibraryImport("libcharls.so.2", EntryPoint = "charls_jpegls_decoder_set_source_buffer")]
    private static partial int SetSource(nint decoder, byte[] source, nuint bytes);

    [LibraryImport("libcharls.so.2", EntryPoint = "charls_jpegls_decoder_read_header")]
    private static partial int ReadHeader(nint decoder);

    [LibraryImport("libcharls.so.2", EntryPoint = "charls_jpegls_decoder_decode_to_buffer")]
    private static partial int DecodeTo(nint decoder, ref byte target, nuint bytes, uint stride);
}
