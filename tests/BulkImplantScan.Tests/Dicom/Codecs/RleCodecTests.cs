using System.Buffers.Binary;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;
using CsCheck;

namespace BulkImplantScan.Tests.Dicom.Codecs;

public sealed class RleCodecTests
{
    private const int Margin = 300;
    private const byte Untouched = 0xA5;

    [Fact]
    public void Planes_of_any_runs_come_back_and_cut_or_damaged_ones_write_nothing_outside()
    {
        using var pool = new PixelBufferPool();
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Bool, Gen.Int[1, 128], Gen.Int).Sample((rows, columns, isWide, longest, seed) =>
        {
            var random = new Random(seed);
            var pixels = rows * columns;
            var planes = Enumerable.Range(0, isWide ? 2 : 1).Select(_ => Plane(pixels, longest, random)).ToArray();
            var frame = Frame(planes.Select(plane => plane.Encoded).ToArray());
            var whole = Decode(frame, rows, columns, isWide, pool);
            Assert.Equal(Reason.None, whole.Reason);
            for (var i = 0; i < pixels; i++)
                for (var plane = 0; plane < planes.Length; plane++)
                    Assert.Equal(planes[plane].Bytes[i], whole.Cells[planes.Length * i + planes.Length - 1 - plane]); // high byte first

            // Each byte is needed, so what is cut is never a film.
            Assert.NotEqual(Reason.None, Decode(frame.AsSpan(0, random.Next(frame.Length)), rows, columns, isWide, pool).Reason);
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
            Decode(frame, rows, columns, isWide, pool);
        }, iter: 3000, threads: 1);
    }

    /// <summary>Decodes into a part of a buffer, the rest of which must stay as it was.</summary>
    private static (Reason Reason, byte[] Cells) Decode(ReadOnlySpan<byte> frame, int rows, int columns, bool isWide, PixelBufferPool pool)
    {
        var bits = isWide ? 16 : 8;
        var description = new ImagePixelDescription(rows, columns, 1, bits, bits, bits - 1, false, 0, "MONOCHROME2", 1);
        var length = rows * columns * (bits / 8);
        var buffer = new byte[length + 2 * Margin];
        buffer.AsSpan().Fill(Untouched);
        var result = RleCodec.Decode(frame, description, buffer.AsSpan(Margin, length), pool);
        Assert.True(buffer.AsSpan(0, Margin).IndexOfAnyExcept(Untouched) < 0);
        Assert.True(buffer.AsSpan(Margin + length).IndexOfAnyExcept(Untouched) < 0);
        return (result.Reason, buffer[Margin..(Margin + length)]);
    }

    private static (byte[] Bytes, byte[] Encoded) Plane(int pixels, int longest, Random random)
    {
        var bytes = new List<byte>();
        var encoded = new List<byte>();
        while (bytes.Count < pixels)
        {
            var run = Math.Min(1 + random.Next(longest), pixels - bytes.Count);
            if (random.Next(20) == 0) encoded.Add(128); // means nothing
            if (run > 1 && random.Next(2) == 0)
            {
                var value = (byte)random.Next(256);
                encoded.AddRange([(byte)(257 - run), value]);
                bytes.AddRange(Enumerable.Repeat(value, run));
            }
            else
            {
                var literals = new byte[run];
                random.NextBytes(literals);
                encoded.Add((byte)(run - 1));
                encoded.AddRange(literals);
                bytes.AddRange(literals);
            }
        }

        return (bytes.ToArray(), encoded.ToArray());
    }

    private static byte[] Frame(byte[][] segments)
    {
        var header = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(header, segments.Length);
        var at = header.Length;
        for (var i = 0; i < segments.Length; at += segments[i++].Length) BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4 + 4 * i), at);
        return [.. header, .. segments.SelectMany(segment => segment)];
    }
}
