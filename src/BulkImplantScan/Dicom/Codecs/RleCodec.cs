using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>RLE lossless (PS3.5 annex G): PackBits over each byte plane of each sample, most significant byte first.</summary>
internal static class RleCodec
{
    private const int HeaderBytes = 64;
    private const int MaxSegments = 15;
    private const int MaxRunBytes = 128; // a multiple of a vector, so that whole vectors do not reach beyond it
    private const int VectorBytes = 32;

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

        if (planes == 2 && samples == 1) return DecodeWords(frame, pixels, target, pool);

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

        for (var plane = 0; plane < planes; plane++)
        {
            var source = decoded.Slice(plane * pixels, pixels);
            for (int i = 0, at = plane; i < source.Length; i++, at += planes) target[at] = source[i];
        }

        return default;
    }

    /// <summary>16 bits. The low bytes are laid down in the second half of the target, and read before words are written there:
    /// memory that is touched once less costs more than anything else here.</summary>
    private static CodecResult DecodeWords(ReadOnlySpan<byte> frame, int pixels, Span<byte> target, PixelBufferPool pool)
    {
        using var scratch = pool.Rent(pixels);
        var high = scratch.Span(pixels);
        var low = target.Slice(pixels, pixels);
        var result = DecodeSegment(frame, 0, 2, high);
        if (result.Reason == Results.Reason.None) result = DecodeSegment(frame, 1, 2, low);
        if (result.Reason == Results.Reason.None) Zip(low, high, target);
        return result;
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
            DecodeRuns(source, ref at, plane, ref written);
            if (written == plane.Length) break;
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

    /// <summary>The fast loop: runs of which the longest would find room in segment and plane, so that none is asked about its own.</summary>
    private static unsafe void DecodeRuns(ReadOnlySpan<byte> segment, ref int at, Span<byte> plane, ref int written)
    {
        fixed (byte* source = segment, target = plane)
        {
            byte* from = source + at, lastFrom = source + segment.Length - (1 + MaxRunBytes);
            byte* to = target + written, lastTo = target + plane.Length - MaxRunBytes;
            while (from <= lastFrom && to <= lastTo)
            {
                // Most runs are shorter than a vector; what it writes behind one is written over by the next.
                int control = *from++;
                if (control < 128)
                {
                    Vector256.Store(Vector256.Load(from), to);
                    for (var more = VectorBytes; more <= control; more += VectorBytes) Vector256.Store(Vector256.Load(from + more), to + more);
                    from += control + 1;
                    to += control + 1;
                }
                else if (control > 128)
                {
                    var value = Vector256.Create(*from++);
                    var count = 257 - control;
                    Vector256.Store(value, to);
                    for (var more = VectorBytes; more < count; more += VectorBytes) Vector256.Store(value, to + more);
                    to += count;
                }
            }

            (at, written) = ((int)(from - source), (int)(to - target));
        }
    }

    private static CodecResult Short(ReadOnlySpan<byte> frame, int at) =>
        at >= frame.Length ? CodecResult.Truncated(frame.Length) : CodecResult.Corrupt(at, "an RLE segment ends too early");

    /// <summary>Makes words of bytes, front to back; the low bytes may be the second half of the words' own memory.</summary>
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
