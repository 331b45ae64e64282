using System.IO.Compression;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>Undoes the compressions of TIFF that know nothing of pixels.</summary>
internal static class TiffBytes
{
    private const int Clear = 256, EndOfInformation = 257, FirstFree = 258, MaxCodes = 4096, MaxCodeBits = 12;

    /// <summary>PackBits (TIFF 6.0 p. 42).</summary>
    /// <returns>None when <paramref name="target"/> is full.</returns>
    public static Reason PackBits(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var written = 0;
        for (var at = 0; written < target.Length;)
        {
            if (at >= source.Length) return Reason.TruncatedPixelData;
            var count = (int)(sbyte)source[at++];
            if (count == -128) continue;
            if (count >= 0)
            {
                count = Math.Min(count + 1, target.Length - written);
                if (source.Length - at < count) return Reason.TruncatedPixelData;
                source.Slice(at, count).CopyTo(target[written..]);
                at += count;
            }
            else
            {
                if (at >= source.Length) return Reason.TruncatedPixelData;
                count = Math.Min(1 - count, target.Length - written);
                target.Slice(written, count).Fill(source[at++]);
            }

            written += count;
        }

        return Reason.None;
    }

    /// <summary>LZW, highest bit first, codes a bit longer one code early (TIFF 6.0 p. 57).</summary>
    /// <returns>None when <paramref name="target"/> is full.</returns>
    /// <remarks>No table of strings is kept: the string of a code is that of the code before and one byte more, and both stand one
    /// behind the other in the output already.</remarks>
    public static Reason Lzw(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Span<int> starts = stackalloc int[MaxCodes];
        Span<int> lengths = stackalloc int[MaxCodes];
        var (at, window, windowBits) = (0, 0u, 0);
        var (next, codeBits) = (FirstFree, 9);
        var (written, lastStart, lastLength) = (0, 0, 0);
        while (written < target.Length)
        {
            while (windowBits < codeBits)
            {
                if (at >= source.Length) return Reason.TruncatedPixelData;
                window = window << 8 | source[at++];
                windowBits += 8;
            }

            windowBits -= codeBits;
            var code = (int)(window >> windowBits & (1u << codeBits) - 1);
            if (code == Clear)
            {
                (next, codeBits, lastLength) = (FirstFree, 9, 0);
                continue;
            }

            if (code == EndOfInformation) return Reason.TruncatedPixelData;
            var start = written;
            if (code < 256)
            {
                target[written++] = (byte)code;
            }
            else
            {
                if (lastLength == 0 || code > next) return Reason.CorruptPixelData;
                var (from, length) = code < next ? (starts[code], lengths[code]) : (lastStart, lastLength + 1);
                length = Math.Min(length, target.Length - written);
                for (var i = 0; i < length; i++) target[written++] = target[from + i]; // may overlap: the last byte is the first
            }

            if (lastLength > 0 && next < MaxCodes)
            {
                (starts[next], lengths[next]) = (lastStart, lastLength + 1);
                next++;
                if (next >= (1 << codeBits) - 1 && codeBits < MaxCodeBits) codeBits++;
            }

            (lastStart, lastLength) = (start, written - start);
        }

        return Reason.None;
    }

    /// <summary>Deflate with zlib's frame (TIFF Supplement 2).</summary>
    /// <returns>None when <paramref name="target"/> is full.</returns>
    public static unsafe Reason Deflate(ReadOnlySpan<byte> source, Span<byte> target)
    {
        try
        {
            fixed (byte* start = source)
            {
                using var data = new UnmanagedMemoryStream(start, source.Length);
                using var inflater = new ZLibStream(data, CompressionMode.Decompress);
                return inflater.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length
                    ? Reason.None : Reason.TruncatedPixelData;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return Reason.CorruptPixelData;
        }
    }
}
