using System.Buffers.Binary;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The markers of a JPEG 2000 codestream (ISO/IEC 15444-1 annex A), read before a library sees it: what it says it is, and whether all of
/// it is there.</summary>
/// <param name="Start">First byte: of the frame, or of the codestream in the boxes that some writers leave around it.</param>
/// <param name="Length">To its end.</param>
/// <param name="Left">XOsiz, and <paramref name="Top"/> YOsiz: where the image begins on its reference grid.</param>
/// <param name="Top">See there.</param>
/// <param name="Rows">Height.</param>
/// <param name="Columns">Width.</param>
/// <param name="Components">Csiz.</param>
/// <param name="Precision">Of the first component, in bits.</param>
/// <param name="Levels">Decomposition levels: of the tile and component that has fewest.</param>
internal readonly record struct Jpeg2000Codestream(
    int Start, int Length, long Left, long Top, long Rows, long Columns, int Components, int Precision, int Levels)
{
    private const int MaxTiles = 65535;
    private const int MaxLevels = 32;

    private const ushort Soc = 0xFF4F;
    private const ushort Siz = 0xFF51;
    private const ushort Cod = 0xFF52;
    private const ushort Coc = 0xFF53;
    private const ushort Sot = 0xFF90;
    private const ushort Sod = 0xFF93;
    private const ushort Eoc = 0xFFD9;

    /// <summary>The signature box of JP2 (annex I.5.1); PS3.5 A.4.4 forbids the boxes, and some write them.</summary>
    private static ReadOnlySpan<byte> Signature => [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 13, 10, 0x87, 10];

    /// <summary>Reads all markers outside of the coded data.</summary>
    /// <returns>Reason.None when main header and all tile-parts are there, wholly.</returns>
    public static CodecResult Read(ReadOnlySpan<byte> frame, out Jpeg2000Codestream codestream)
    {
        codestream = default;
        if (!TryFind(frame, out var start, out var length)) return CodecResult.Corrupt(0, "no codestream");
        var stream = frame.Slice(start, length);
        if (stream.Length < 4) return CodecResult.Truncated(frame.Length);
        if (Word(stream, 0) != Soc || Word(stream, 2) != Siz) return CodecResult.Corrupt(start, "no codestream");
        if (stream.Length < 42) return CodecResult.Truncated(frame.Length);
        long right = Long(stream, 8), bottom = Long(stream, 12), left = Long(stream, 16), top = Long(stream, 20);
        long tileWidth = Long(stream, 24), tileHeight = Long(stream, 28), tileLeft = Long(stream, 32), tileTop = Long(stream, 36);
        var components = Word(stream, 40);
        if (right <= left || bottom <= top || tileWidth == 0 || tileHeight == 0 || tileLeft > left || tileTop > top || components == 0
            || Word(stream, 4) != 38 + 3 * components)
        {
            return CodecResult.Corrupt(start + 2, "image size");
        }

        if (stream.Length < 43 + 3 * components) return CodecResult.Truncated(frame.Length);
        var tiles = ((right - tileLeft + tileWidth - 1) / tileWidth) * ((bottom - tileTop + tileHeight - 1) / tileHeight);
        if (tiles is < 1 or > MaxTiles) return CodecResult.Corrupt(start + 2, "tiles");

        var at = 4 + Word(stream, 4);
        var levels = int.MaxValue;
        var result = ReadSegments(stream, ref at, stream.Length, Sot, components, ref levels);
        if (result.Reason == Results.Reason.None && levels == int.MaxValue) result = CodecResult.Corrupt(at, "no coding style");
        if (result.Reason == Results.Reason.None) result = ReadTileParts(stream, at, (int)tiles, components, ref levels);
        if (result.Reason != Results.Reason.None) return result with { Offset = start + result.Offset };
        codestream = new(start, length, left, top, bottom - top, right - left, components, (stream[42] & 0x7F) + 1, levels);
        return default;
    }

    /// <summary>Rows and columns that are left after discarding levels (equation B-14).</summary>
    public (int Rows, int Columns) Reduced(int discarded) =>
        ((int)(Ceiling(Top + Rows, discarded) - Ceiling(Top, discarded)), (int)(Ceiling(Left + Columns, discarded) - Ceiling(Left, discarded)));

    private static long Ceiling(long value, int discarded) => (value + (1L << discarded) - 1) >> discarded;

    /// <summary>The codestream itself, or the first one in the boxes.</summary>
    private static bool TryFind(ReadOnlySpan<byte> frame, out int start, out int length)
    {
        (start, length) = (0, frame.Length);
        if (!frame.StartsWith(Signature)) return true;
        for (long at = 0; at + 8 <= frame.Length;)
        {
            var box = frame[(int)at..];
            long size = BinaryPrimitives.ReadUInt32BigEndian(box), header = 8;
            if (size == 1)
            {
                if (box.Length < 16) return false;
                (size, header) = ((long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64BigEndian(box[8..])), 16);
            }

            if (size == 0) size = box.Length;
            if (size < header) return false;
            if (box[4..8].SequenceEqual("jp2c"u8))
            {
                start = (int)(at + header);
                length = (int)Math.Min(size, box.Length) - (int)header; // a box that is cut shows in the codestream
                return length > 0;
            }

            if (size > frame.Length) return false;
            at += size;
        }

        return false;
    }

    /// <summary>Marker segments up to <paramref name="last"/>, which <paramref name="at"/> is left at.</summary>
    private static CodecResult ReadSegments(
        ReadOnlySpan<byte> stream, ref int at, int end, ushort last, int components, ref int levels)
    {
        while (true)
        {
            if (end - at < 2) return end == stream.Length ? CodecResult.Truncated(stream.Length) : CodecResult.Corrupt(at, "tile-part");
            var marker = Word(stream, at);
            if (marker == last) return default;
            if (marker < 0xFF00) return CodecResult.Corrupt(at, "no marker");
            if (end - at < 4) return CodecResult.Truncated(stream.Length);
            var size = Word(stream, at + 2);
            if (size < 2) return CodecResult.Corrupt(at, "marker segment");
            if (size + 2 > end - at) return end == stream.Length ? CodecResult.Truncated(stream.Length) : CodecResult.Corrupt(at, "marker segment");

            // Decomposition levels: of COD behind Scod and SGcod, of COC behind the component and Scoc.
            var place = marker switch { Cod => 9, Coc => components < 257 ? 6 : 7, _ => 0 };
            if (place > 0)
            {
                if (place >= size + 2 || stream[at + place] > MaxLevels) return CodecResult.Corrupt(at, "coding style");
                levels = Math.Min(levels, stream[at + place]);
            }

            at += 2 + size;
        }
    }

    private static CodecResult ReadTileParts(ReadOnlySpan<byte> stream, int at, int tiles, int components, ref int levels)
    {
        Span<ulong> seen = stackalloc ulong[(tiles + 63) / 64];
        seen.Clear();
        var missing = tiles;
        while (stream.Length - at >= 2 && Word(stream, at) == Sot)
        {
            if (stream.Length - at < 12) return CodecResult.Truncated(stream.Length);
            var tile = Word(stream, at + 4);
            var size = Long(stream, at + 6);
            if (Word(stream, at + 2) != 10 || tile >= tiles || size is > 0 and < 14) return CodecResult.Corrupt(at, "tile-part");
            if (size == 0) size = stream.Length - at; // the last one, to the end
            if (size > stream.Length - at) return CodecResult.Truncated(stream.Length);
            var header = at + 12;
            var result = ReadSegments(stream, ref header, at + (int)size, Sod, components, ref levels);
            if (result.Reason != Results.Reason.None) return result;
            var bit = 1UL << (tile % 64);
            if ((seen[tile / 64] & bit) == 0) missing--;
            seen[tile / 64] |= bit;
            at += (int)size;
        }

        // What follows may be the end marker, padding, or nothing: it is no fault where all tiles are there.
        if (missing == 0) return default;
        return at >= stream.Length || Word(stream, Math.Min(at, stream.Length - 2)) == Eoc
            ? CodecResult.Truncated(at)
            : CodecResult.Corrupt(at, "tiles are missing");
    }

    private static ushort Word(ReadOnlySpan<byte> stream, int at) => BinaryPrimitives.ReadUInt16BigEndian(stream[at..]);

    private static long Long(ReadOnlySpan<byte> stream, int at) => BinaryPrimitives.ReadUInt32BigEndian(stream[at..]);
}
