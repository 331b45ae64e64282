using System.Buffers.Binary;

namespace BulkImplantScan.Dicom;

/// <summary>Segmented Palette Color Lookup Table Data → entries (PS3.3 C.7.9.2).</summary>
internal static class SegmentedTable
{
    private const int Discrete = 0, Linear = 1, Indirect = 2;

    /// <summary>Expands all segments; false when they are not clean or do not fill the table.</summary>
    /// <param name="data">Words; or bytes, where an entry has 8 bits.</param>
    /// <param name="isBytes">Numbers of a segment have 8 bits.</param>
    /// <param name="isBigEndian">Of the data set.</param>
    /// <param name="entries">Filled from the start; what would go beyond is left out.</param>
    public static bool TryExpand(ReadOnlySpan<byte> data, bool isBytes, bool isBigEndian, Span<ushort> entries)
    {
        var written = 0;
        var reader = new Numbers(data, isBytes, isBigEndian);
        while (written < entries.Length)
        {
            if (!reader.TryRead(out var kind) || !reader.TryRead(out var length)) return false;
            if (kind != Indirect)
            {
                if (!TryExpandOne(ref reader, kind, length, entries, ref written)) return false;
                continue;
            }

            // Segments that stand elsewhere, once more; those are never indirect themselves, so this ends.
            if (!reader.TryReadOffset(out var offset) || offset >= data.Length) return false;
            var other = new Numbers(data, isBytes, isBigEndian) { Position = (int)offset };
            for (var i = 0; i < length && written < entries.Length; i++)
            {
                if (!other.TryRead(out kind) || !other.TryRead(out var otherLength) || kind == Indirect) return false;
                if (!TryExpandOne(ref other, kind, otherLength, entries, ref written)) return false;
            }
        }

        return true;
    }

    private static bool TryExpandOne(ref Numbers reader, int kind, int length, Span<ushort> entries, ref int written)
    {
        // A segment that fills nothing means nothing, and indirect ones could call it for ever: each step fills an entry.
        if (length == 0) return false;
        if (kind == Discrete)
        {
            for (var i = 0; i < length; i++)
            {
                if (!reader.TryRead(out var value)) return false;
                if (written < entries.Length) entries[written++] = (ushort)value;
            }

            return true;
        }

        if (kind != Linear || written == 0 || !reader.TryRead(out var end)) return false;
        double start = entries[written - 1];
        for (var i = 1; i <= length && written < entries.Length; i++)
            entries[written++] = (ushort)Math.Round(start + (end - start) * i / length);
        return true;
    }

    private ref struct Numbers(ReadOnlySpan<byte> data, bool isBytes, bool isBigEndian)
    {
        private readonly ReadOnlySpan<byte> _data = data;

        public int Position { get; set; }

        public bool TryRead(out int value)
        {
            value = 0;
            if (Position + (isBytes ? 1 : 2) > _data.Length) return false;
            if (isBytes)
            {
                // Bytes lie two a word: in a big-endian data set the other way round.
                value = _data[isBigEndian && (Position ^ 1) < _data.Length ? Position ^ 1 : Position];
                Position++;
                return true;
            }

            value = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_data[Position..]) : BinaryPrimitives.ReadUInt16LittleEndian(_data[Position..]);
            Position += 2;
            return true;
        }

        /// <summary>A place in the data, in bytes: two words, the low one first.</summary>
        public bool TryReadOffset(out uint offset)
        {
            offset = 0;
            for (var (shift, step) = (0, isBytes ? 8 : 16); shift < 32; shift += step)
            {
                if (!TryRead(out var part)) return false;
                offset |= (uint)part << shift;
            }

            return true;
        }
    }
}
