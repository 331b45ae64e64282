using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>RLE: hip 2140×1760, 10 of 16 bits, two segments (7.53 MB decoded).</summary>
[MemoryDiagnoser]
public class RleBenchmarks
{
    // Lives as long as the process: BenchmarkDotNet wants no disposable benchmarks.
    private static readonly PixelBufferPool Pool = new();
    private RealFilm _film = null!;
    private byte[] _codestream = null!;
    private byte[] _target = null!;

    [GlobalSetup]
    public void Setup()
    {
        _film = new("hip_cr_rle.dcm");
        _codestream = _film.Codestream();
        _target = new byte[_film.Dataset.DescribePixels(_film.File).SampleCount * 2];
        ByteByByte();
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        if (!pixels.Bytes.SequenceEqual(_target)) throw new InvalidOperationException("pixels differ");
    }

    /// <summary>The loop of PS3.5 G.3.2 as it stands there, straight to its place in the cell.</summary>
    [Benchmark(Baseline = true)]
    public void ByteByByte()
    {
        ReadOnlySpan<byte> frame = _codestream;
        for (var segment = 0; segment < 2; segment++)
        {
            var at = BinaryPrimitives.ReadInt32LittleEndian(frame[(4 + 4 * segment)..]);
            for (var to = 1 - segment; to < _target.Length;)
            {
                var control = (sbyte)frame[at++];
                if (control >= 0)
                    for (var i = 0; i <= control; i++, to += 2) _target[to] = frame[at++];
                else if (control != sbyte.MinValue)
                {
                    for (var i = 0; i <= -control; i++, to += 2) _target[to] = frame[at];
                    at++;
                }
            }
        }
    }

    [Benchmark]
    public int Ours()
    {
        using var pixels = FrameDecoder.Decode(_film.File, _film.Dataset, 1, DecodeSettings.Exact, Pool).Pixels!;
        return pixels.Rows;
    }
}
