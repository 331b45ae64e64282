using System.Buffers.Binary;
using System.IO.Hashing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>Where the chunks of a PNG file lie that its pixels need.</summary>
internal readonly record struct PngChunks
{
    private const int SignatureBytes = 8, Around = 12; // length and type before the data, CRC behind it

    /// <summary>Offset and length of the data of PLTE; length 0 when there is none.</summary>
    public (int Offset, int Length) Palette { get; private init; }

    /// <summary>Of tRNS.</summary>
    public (int Offset, int Length) Transparency { get; private init; }

    /// <summary>Offset of the first IDAT chunk (of its length).</summary>
    public int FirstData { get; private init; }

    /// <summary>End of the last whole chunk.</summary>
    public int End { get; private init; }

    /// <summary>Bytes of all IDAT chunks together.</summary>
    public long DataBytes { get; private init; }

    /// <summary>Walks the chunks and checks the CRC of each that is used.</summary>
    /// <param name="file">The whole file; its header was read.</param>
    /// <param name="chunks">Valid when the reason is None.</param>
    /// <returns>Reason, detail, place; the CRC of chunks that only describe the picture is not looked at.</returns>
    public static DecodedPicture Find(ReadOnlySpan<byte> file, out PngChunks chunks)
    {
        (int, int) palette = default, transparency = default;
        var (firstData, dataBytes, at) = (0, 0L, SignatureBytes);
        chunks = default;
        for (var count = 0; ; count++)
        {
            if (count > PictureLimits.MaxParts) return DecodedPicture.Failed(Reason.CorruptPixelData, "too many chunks", at);
            var isCut = file.Length - at < Around;
            var length = isCut ? 0 : BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            isCut |= length > file.Length - at - Around;
            if (isCut)
            {
                // Behind the pixels nothing is missed but the end mark; the stream itself says whether it is whole.
                var isData = file.Length - at >= 8 && file.Slice(at + 4, 4).SequenceEqual("IDAT"u8);
                if (firstData == 0 || isData) return DecodedPicture.Failed(Reason.TruncatedPixelData, null, file.Length);
                break;
            }

            var typed = file.Slice(at + 4, 4 + (int)length);
            var type = typed[..4];
            var data = (at + 8, (int)length);
            if (type.SequenceEqual("IEND"u8)) break;
            var isKnown = true;
            if (type.SequenceEqual("IDAT"u8)) (firstData, dataBytes) = (firstData == 0 ? at : firstData, dataBytes + length);
            else if (type.SequenceEqual("PLTE"u8)) palette = data;
            else if (type.SequenceEqual("tRNS"u8)) transparency = data;
            else if (!type.SequenceEqual("IHDR"u8)) isKnown = false;
            if (!isKnown && (type[0] & 0x20) == 0) return DecodedPicture.Failed(Reason.CorruptPixelData, "unknown critical chunk", at);
            if (isKnown && Crc32.HashToUInt32(typed) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
                return DecodedPicture.Failed(Reason.CorruptPixelData, "CRC", at);
            at += Around + (int)length;
        }

        if (firstData == 0) return DecodedPicture.Failed(Reason.CorruptPixelData, "no IDAT", at);
        chunks = new() { Palette = palette, Transparency = transparency, FirstData = firstData, End = at, DataBytes = dataBytes };
        return default;
    }
}
