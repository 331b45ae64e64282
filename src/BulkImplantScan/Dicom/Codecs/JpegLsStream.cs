using System.Buffers.Binary;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The frame header of a JPEG-LS stream (ISO/IEC 14495-1 annex C), read before a library sees it or memory is taken for it.</summary>
internal static class JpegLsStream
{
    private const int MaxSegments = 10_000;

    /// <summary>Holds rows, columns, components and precision against the header's, and finds the end.</summary>
    /// <param name="stream">All bytes of the frame.</param>
    /// <param name="description">As the header has it.</param>
    /// <param name="length">Up to and with the last end of image. A stream without one is cut: CharLS 2.4 reads on in zeros, for half a minute or
    /// for ever, where no marker ends its data; within the data the two bytes cannot stand (14495-1 A.1).</param>
    public static CodecResult Check(ReadOnlySpan<byte> stream, in ImagePixelDescription description, out int length)
    {
        length = stream.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) + 2;
        var result = CheckHeader(stream, description);
        return result.Reason == Results.Reason.None && length < 2 + 15 ? CodecResult.Truncated(stream.Length) : result;
    }

    private static CodecResult CheckHeader(ReadOnlySpan<byte> stream, in ImagePixelDescription description)
    {
        if (stream.Length < 2) return CodecResult.Truncated(stream.Length);
        if (stream[0] != 0xFF || stream[1] != 0xD8) return CodecResult.Corrupt(0, "no start of image");
        var at = 2;
        for (var segment = 0; segment < MaxSegments; segment++)
        {
            // Fill bytes may stand before a marker.
            while (at + 1 < stream.Length && stream[at] == 0xFF && stream[at + 1] == 0xFF) at++;
            if (stream.Length - at < 4) return CodecResult.Truncated(stream.Length);
            if (stream[at] != 0xFF) return CodecResult.Corrupt(at, "no marker");
            var size = BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 2)..]);
            if (size < 2) return CodecResult.Corrupt(at, "marker segment");
            if (stream.Length - at < size + 2) return CodecResult.Truncated(stream.Length);
            switch (stream[at + 1])
            {
                case 0xF7: // SOF55
                    if (size < 8) return CodecResult.Corrupt(at, "frame header");
                    int rows = BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 5)..]), columns = BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 7)..]);

                    // Zero: told elsewhere (LSE, DNL), for films that are larger than 16 bits can say. The library checks again.
                    if (rows != description.Rows && rows != 0 || columns != description.Columns && columns != 0)
                        return CodecResult.Corrupt(at, "rows or columns are not the header's");
                    if (stream[at + 9] != description.SamplesPerPixel) return CodecResult.Corrupt(at, "components are not the header's");
                    return stream[at + 4] is >= 2 and <= 16 && stream[at + 4] <= description.BitsAllocated
                        ? default
                        : CodecResult.Corrupt(at, "precision above Bits Allocated");
                case 0xDA or 0xD9:
                    return CodecResult.Corrupt(at, "no frame header of JPEG-LS");
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    return CodecResult.Corrupt(at, "another process of JPEG");
            }

            at += 2 + size;
        }

        return CodecResult.Corrupt(at, "too many marker segments");
    }
}
