using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>JPEG lossless, process 14 (ITU-T T.81 annex H): all selection values, 2 to 16 bits, point transform, restart intervals,
/// one component or three, in one scan or in three.</summary>
/// <remarks>A row is decoded in two passes: Huffman codes to differences, then differences to samples. The first is the hot loop and
/// is the same for all predictors; the second is a running sum for selection value 1 and costs little beside it. Values that
/// exceed the precision mean that bits were lost: they are an error, not a picture.</remarks>
internal static class JpegLosslessCodec
{
    private const int MaxComponents = 3;
    private const int TableSlots = 4;

    // Tables, comments, scans: real streams have some ten; a file full of tables would cost a microsecond each.
    private const int MaxSegments = 10_000;

    // 64 KiB that a thread fills anew for each frame: not worth a pool, too much to allocate.
    [ThreadStatic]
    private static JpegDifferenceTable[]? t_tables;

    /// <summary>A <see cref="DecodeFrame"/>.</summary>
    public static CodecResult Decode(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool)
    {
        if (frame.Length < 2) return CodecResult.Truncated(frame.Length);
        if (frame[0] != 0xFF || frame[1] != 0xD8) return CodecResult.Corrupt(0, "no start of image");

        t_tables ??= [new(), new(), new(), new()];
        foreach (var table in t_tables) table.IsDefined = false;
        var picture = new Picture { Tables = t_tables };

        var at = 2;
        for (var segments = 0; ; segments++)
        {
            if (segments == MaxSegments) return CodecResult.Corrupt(at, "more marker segments than the limit");
            while (at + 1 < frame.Length && frame[at] == 0xFF && frame[at + 1] == 0xFF) at++; // fill bytes
            if (at + 4 > frame.Length)
                return at + 2 <= frame.Length && frame[at] == 0xFF && frame[at + 1] == 0xD9
                    ? CodecResult.Corrupt(at, "the image ends before its last scan")
                    : CodecResult.Truncated(frame.Length);
            if (frame[at] != 0xFF) return CodecResult.Corrupt(at, "a marker was expected");

            var marker = frame[at + 1];
            if (marker is 0xD9) return CodecResult.Corrupt(at, "the image ends before its last scan");
            if (marker is 0x00 or 0x01 or >= 0xD0 and <= 0xD8) return CodecResult.Corrupt(at, "a marker out of place");
            var length = BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 2)..]);
            if (length < 2) return CodecResult.Corrupt(at, "length of a marker segment");
            var start = at + 4;
            at += 2 + length;
            if (at > frame.Length) return CodecResult.Truncated(frame.Length);
            var segment = frame[start..at];

            string? fault = null;
            switch (marker)
            {
                case 0xC3:
                    fault = ReadFrame(segment, description, ref picture);
                    break;
                case 0xC4:
                    fault = ReadTables(segment, picture.Tables);
                    break;
                case 0xDD:
                    if (segment.Length < 2) fault = "restart interval";
                    else picture.RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xDA:
                    fault = ReadScan(segment, ref picture, out var scan);
                    if (fault is not null) break;
                    var reader = new JpegBitReader(frame, at);
                    var result = DecodeScan(ref reader, picture, scan, target, description);
                    if (result.Reason != Reason.None || picture.Pending == 0) return result;
                    if (!reader.TrySeekMarker()) return CodecResult.Truncated(frame.Length);
                    at = reader.Position;
                    break;
                case >= 0xC0 and <= 0xCF and not (0xC8 or 0xCC):
                    fault = "another JPEG process than lossless Huffman";
                    break;
            }

            if (fault is not null) return CodecResult.Corrupt(start, fault);
        }
    }

    private static string? ReadFrame(ReadOnlySpan<byte> segment, in ImagePixelDescription description, ref Picture picture)
    {
        if (picture.Precision != 0) return "a second frame header";
        if (segment.Length < 6 || segment.Length < 6 + 3 * segment[5]) return "frame header";
        var (precision, components) = (segment[0], segment[5]);
        if (precision is < 2 or > 16) return "precision";
        if (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]) != description.Rows
            || BinaryPrimitives.ReadUInt16BigEndian(segment[3..]) != description.Columns)
        {
            return "rows or columns disagree with the header";
        }

        if (components != description.SamplesPerPixel) return "components disagree with the header";
        if (description.BitsAllocated is not (8 or 16) || precision > description.BitsAllocated)
            return "precision disagrees with the header";

        for (var i = 0; i < components; i++)
        {
            if (components > 1 && segment[7 + 3 * i] != 0x11) return "subsampled components";
            picture.Identifiers |= (uint)segment[6 + 3 * i] << 8 * i;
        }

        (picture.Precision, picture.Components, picture.Pending) = (precision, components, (1 << components) - 1);
        return null;
    }

    private static string? ReadTables(ReadOnlySpan<byte> segment, JpegDifferenceTable[] tables)
    {
        while (segment.Length > 0)
        {
            if (segment.Length < 17) return "Huffman table";
            var slot = segment[0];
            var counts = segment.Slice(1, 16);
            var symbols = 0;
            foreach (var count in counts) symbols += count;
            if (slot >= TableSlots || segment.Length < 17 + symbols) return "Huffman table";
            if (!tables[slot].TryBuild(counts, segment.Slice(17, symbols))) return "Huffman table";
            segment = segment[(17 + symbols)..];
        }

        return null;
    }

    private static string? ReadScan(ReadOnlySpan<byte> segment, ref Picture picture, out Scan scan)
    {
        scan = default;
        if (picture.Precision == 0) return "a scan before its frame header";
        if (segment.Length < 1 || segment[0] is 0 or > MaxComponents || segment.Length < 4 + 2 * segment[0]) return "scan header";
        scan.Components = segment[0];
        for (var i = 0; i < scan.Components; i++)
        {
            var (identifier, slot) = (segment[1 + 2 * i], segment[2 + 2 * i] >> 4);
            var component = 0;
            while (component < picture.Components && (byte)(picture.Identifiers >> 8 * component) != identifier) component++;
            if (component == picture.Components || (picture.Pending >> component & 1) == 0) return "component of a scan";
            if (slot >= TableSlots || !picture.Tables[slot].IsDefined) return "a scan without its Huffman table";
            picture.Pending &= ~(1 << component);
            if (i == 0) (scan.First, scan.Table0) = (component, picture.Tables[slot]);
            else if (component != scan.First + i) return "order of components in a scan";
            else if (i == 1) scan.Table1 = picture.Tables[slot];
            else scan.Table2 = picture.Tables[slot];
        }

        var tail = segment[(1 + 2 * scan.Components)..];
        (scan.Selection, scan.PointTransform) = (tail[0], tail[2] & 0xF);
        if (scan.Selection is < 1 or > 7) return "selection value";
        return scan.PointTransform >= picture.Precision ? "point transform" : null;
    }

    private static CodecResult DecodeScan(
        ref JpegBitReader reader, in Picture picture, in Scan scan, Span<byte> target, in ImagePixelDescription description)
    {
        var (rows, columns) = (description.Rows, description.Columns);
        if (picture.RestartInterval % columns != 0)
            return CodecResult.Corrupt(reader.Position, "a restart interval that is not whole rows"); // T.81 H.1.1

        var rowsPerRestart = picture.RestartInterval / columns;
        var width = columns * scan.Components;
        var precision = picture.Precision - scan.PointTransform;
        var isDirect = description.BytesPerSample == 2 && picture.Components == 1 && scan.PointTransform == 0;
        var scratch = isDirect ? [] : ArrayPool<ushort>.Shared.Rent(2 * width);
        try
        {
            Span<ushort> row = default, above = default;
            ushort all = 0;
            var restarts = 0;
            for (var y = 0; y < rows; y++)
            {
                var isFirst = rowsPerRestart == 0 ? y == 0 : y % rowsPerRestart == 0;
                if (isFirst && y > 0 && !TryRestart(ref reader, restarts++))
                    return CodecResult.Corrupt(reader.Position, "a restart marker was expected");

                row = isDirect
                    ? MemoryMarshal.Cast<byte, ushort>(target).Slice(y * columns, columns)
                    : scratch.AsSpan((y & 1) * width, width);
                var isDecoded = scan.Components == 1
                    ? DecodeDifferences(ref reader, scan.Table0!, row)
                    : DecodeDifferences(ref reader, scan, row);
                if (reader.IsOverrun)
                {
                    return reader.IsAtEnd
                        ? CodecResult.Truncated(reader.Position)
                        : CodecResult.Corrupt(reader.Position, "a marker before the last row");
                }

                if (!isDecoded) return CodecResult.Corrupt(reader.Position, "a code that is in no Huffman table");
                all |= Predict(row, above, scan.Components, isFirst ? 0 : scan.Selection, (ushort)(1 << precision - 1));

                // Signed samples of some writers run modulo 2^16 below their precision; masking sees to them.
                if (all >> precision != 0 && !description.IsSigned)
                    return CodecResult.Corrupt(reader.Position, "a sample above the precision");
                if (!isDirect) Store(row, scan, picture.Components, target, y * columns, description.BytesPerSample);
                above = row;
            }

            return default;
        }
        finally
        {
            if (!isDirect) ArrayPool<ushort>.Shared.Return(scratch);
        }
    }

    /// <summary>One component: the hot loop. State is kept in locals, where the compiler can hold it in registers.</summary>
    private static bool DecodeDifferences(ref JpegBitReader reader, JpegDifferenceTable table, Span<ushort> row)
    {
        var lookup = table.Lookup;
        var source = reader.Source;
        var (bits, count, position) = (reader.Bits, reader.Count, reader.Position);
        var isGood = true;
        for (var x = 0; x < row.Length; x++)
        {
            if (count <= 32 && !JpegBitReader.TryTake(source, ref position, ref bits, ref count))
            {
                (reader.Bits, reader.Count, reader.Position) = (bits, count, position);
                reader.Refill();
                (bits, count, position) = (reader.Bits, reader.Count, reader.Position);
            }

            var entry = lookup[(int)(bits >> 64 - JpegDifferenceTable.LookupBits)];
            var length = entry & 0xFF;
            var difference = entry >> 16;
            if ((entry & JpegDifferenceTable.IsPartial) != 0)
            {
                if (length == 0 && !table.TryFindLong((int)(bits >> 48), out length, out difference))
                {
                    isGood = false;
                    break;
                }

                // At most 16 + 16 bits a sample: more than 32 were there.
                bits <<= length;
                count -= length;
                var category = difference;
                length = category == 16 ? 0 : category;
                difference = JpegDifferenceTable.Extend(length == 0 ? 0 : (int)(bits >> 64 - length), category);
            }

            bits <<= length;
            count -= length;
            row[x] = (ushort)difference;
        }

        (reader.Bits, reader.Count, reader.Position) = (bits, count, position);
        return isGood;
    }

    /// <summary>Two or three components, interleaved.</summary>
    private static bool DecodeDifferences(ref JpegBitReader reader, in Scan scan, Span<ushort> row)
    {
        for (var x = 0; x + scan.Components <= row.Length; x += scan.Components)
        {
            if (!DecodeDifferences(ref reader, scan.Table0!, row.Slice(x, 1))
                || !DecodeDifferences(ref reader, scan.Table1!, row.Slice(x + 1, 1))) return false;
            if (scan.Components == 3 && !DecodeDifferences(ref reader, scan.Table2!, row.Slice(x + 2, 1))) return false;
        }

        return true;
    }

    /// <summary>Differences to samples in place, modulo 2^16 (T.81 H.1.2.1, table H.1).</summary>
    /// <param name="row">Differences, components interleaved.</param>
    /// <param name="above">Samples of the row above.</param>
    /// <param name="step">Components.</param>
    /// <param name="selection">Predictor; 0: first row of the scan or behind a restart.</param>
    /// <param name="initial">Prediction of the very first sample.</param>
    /// <returns>All samples or-ed.</returns>
    private static ushort Predict(Span<ushort> row, ReadOnlySpan<ushort> above, int step, int selection, ushort initial)
    {
        ushort all = 0;
        for (var component = 0; component < step; component++)
        {
            var left = selection == 0 ? initial : above[component];
            if (selection <= 1)
            {
                for (var x = component; x < row.Length; x += step)
                {
                    left += row[x];
                    row[x] = left;
                    all |= left;
                }

                continue;
            }

            left += row[component];
            row[component] = left;
            all |= left;
            for (var x = component + step; x < row.Length; x += step)
            {
                int a = left, b = above[x], c = above[x - step];
                var prediction = selection switch
                {
                    2 => b,
                    3 => c,
                    4 => a + b - c,
                    5 => a + (b - c >> 1),
                    6 => b + (a - c >> 1),
                    _ => a + b >> 1,
                };
                left = (ushort)(prediction + row[x]);
                row[x] = left;
                all |= left;
            }
        }

        return all;
    }

    private static void Store(
        ReadOnlySpan<ushort> row, in Scan scan, int samples, Span<byte> target, int firstPixel, int bytesPerSample)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(target);
        for (var component = 0; component < scan.Components; component++)
        {
            var to = firstPixel * samples + scan.First + component;
            for (var x = component; x < row.Length; x += scan.Components, to += samples)
            {
                var sample = (ushort)(row[x] << scan.PointTransform);
                if (bytesPerSample == 1) target[to] = (byte)sample;
                else words[to] = sample;
            }
        }
    }

    private static bool TryRestart(ref JpegBitReader reader, int number)
    {
        if (!reader.TrySeekMarker() || reader.Source[reader.Position + 1] != 0xD0 + (number & 7)) return false;
        reader.Position += 2;
        return true;
    }

    private struct Picture
    {
        public JpegDifferenceTable[] Tables;
        public int Precision;
        public int Components;
        public uint Identifiers; // a byte each
        public int Pending;      // a bit each: not yet decoded
        public int RestartInterval;
    }

    private struct Scan
    {
        public int Components;
        public int First;
        public JpegDifferenceTable? Table0;
        public JpegDifferenceTable? Table1;
        public JpegDifferenceTable? Table2;
        public int Selection;
        public int PointTransform;
    }
}
