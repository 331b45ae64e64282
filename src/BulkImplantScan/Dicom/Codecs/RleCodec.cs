using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>RLE lossless (PS3.5 annex G): PackBits over each byte plane of each sample, most significant byte first.</summary>
internal static class RleCodec
{
    private const int HeaderBytes = 64;
    private const int MaxSegments = 15;

    /// <summary>A <see cref="DecodeFrame"/>.</summary>
    public static CodecResult Decode(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool)
    {
        if (frame.Length < HeaderBytes) return CodecResult.Truncated(frame.Length);
        var bytesPerSample = description.BytesPerSample;
        var samples = description.SamplesPerPixel;
        var planes = bytesPerSample * samples;
        if (description.BitsAllocated == 1) return CodecResult.Corrupt(0, "RLE of 1 bit allocated");
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame) != planes || planes > MaxSegments)
            return CodecResult.Corrupt(0, "number of RLE segments");

        var pixels = description.Rows * description.Columns;
        if (planes == 1) return DecodeSegment(frame, 0, 1, target[..pixels]);

        using var scratch = pool.Rent((long)pixels * planes);
        var decoded = scratch.Span((long)pixels * planes);
        for (var plane = 0; plane < planes; plane++)
        {
            // Segments come sample after sample, high byte first; planes are laid down low byte first.
            var (sample, significance) = Math.DivRem(plane, bytesPerSample);
            var place = sample * bytesPerSample + bytesPerSample - 1 - significance;
            var result = DecodeSegment(frame, plane, planes, decoded.Slice(place * pixels, pixels));
            if (result.Reason != Results.Reason.None) return result;
        }

        if (planes == 2 && samples == 1)
        {
            Zip(decoded[..pixels], decoded[pixels..], target);
            return default;
        }

        for (var plane = 0; plane < planes; plane++)
        {
            var source = decoded.Slice(plane * pixels, pixels);
            for (int i = 0, at = plane; i < source.Length; i++, at += planes) target[at] = source[i];
        }

        return default;
    }

    private static CodecResult DecodeSegment(ReadOnlySpan<byte> frame, int segment, int segments, Span<byte> plane)
    {
        long start = BinaryPrimitives.ReadUInt32LittleEndian(frame[(4 + 4 * segment)..]);
        long end = segment + 1 < segments ? BinaryPrimitives.ReadUInt32LittleEndian(frame[(8 + 4 * segment)..]) : frame.Length;
        if (start < HeaderBytes || start > end) return CodecResult.Corrupt(4 + 4 * segment, "offset of an RLE segment");
        if (end > frame.Length) return CodecResult.Truncated(frame.Length);

        var source = frame[..(int)end];
        int at = (int)start, written = 0;
        while (written < plane.Length)
        {
            if (at >= source.Length) return Short(frame, at);
            var control = (sbyte)source[at++];
            if (control >= 0)
            {
                var count = control + 1;
                if (at + count > source.Length) return Short(frame, at);
                var room = plane.Length - written;
                if (count > room + 1) return CodecResult.Corrupt(at, "an RLE run longer than its segment");
                source.Slice(at, Math.Min(count, room)).CopyTo(plane[written..]);
                at += count;
                written += Math.Min(count, room);
            }
            else if (control != sbyte.MinValue)
            {
                var count = 1 - control;
                if (at >= source.Length) return Short(frame, at);

                // Some writers make the plane even before they encode it: one byte too many is no fault.
                var room = plane.Length - written;
                if (count > room + 1) return CodecResult.Corrupt(at, "an RLE run longer than its segment");
                plane.Slice(written, Math.Min(count, room)).Fill(source[at++]);
                written += Math.Min(count, room);
            }
        }

        return default;
    }

    private static CodecResult Short(ReadOnlySpan<byte> frame, int at) =>
        at >= frame.Length ? CodecResult.Truncated(frame.Length) : CodecResult.Corrupt(at, "an RLE segment ends too early");

    private static void Zip(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, Span<byte> target)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(target);
        var i = 0;
        for (; i <= low.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(low[i..]), out var lowStart, out var lowEnd);
            Vector.Widen(new Vector<byte>(high[i..]), out var highStart, out var highEnd);
            (lowStart | highStart << 8).CopyTo(words[i..]);
            (lowEnd | highEnd << 8).CopyTo(words[(i + Vector<ushort>.Count)..]);
        }

        for (; i < low.Length; i++) words[i] = (ushort)(low[i] | high[i] << 8);
    }
}
