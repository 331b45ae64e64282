using System.Buffers;
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
    // 64 KiB that a thread fills anew for each frame: not worth a pool, too much to allocate.
    [ThreadStatic]
    private static JpegDifferenceTable[]? t_tables;

    /// <summary>A <see cref="DecodeFrame"/>.</summary>
    public static CodecResult Decode(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool)
    {
        var stream = new JpegLosslessStream(frame, description, t_tables ??= JpegLosslessStream.NewTables());
        while (true)
        {
            var result = stream.ReadToScan(out var scan);
            if (result.Reason != Reason.None) return result;
            var reader = new JpegBitReader(frame, stream.Position);
            result = DecodeScan(ref reader, scan, target, description);
            if (result.Reason != Reason.None || scan.IsLast) return result;
            if (!reader.TrySeekMarker()) return CodecResult.Truncated(frame.Length);
            stream.Position = reader.Position;
        }
    }

    private static CodecResult DecodeScan(
        ref JpegBitReader reader, in JpegLosslessScan scan, Span<byte> target, in ImagePixelDescription description)
    {
        var (rows, columns) = (description.Rows, description.Columns);
        if (scan.RestartInterval % columns != 0)
            return CodecResult.Corrupt(reader.Position, "a restart interval that is not whole rows"); // T.81 H.1.1

        var rowsPerRestart = scan.RestartInterval / columns;
        var width = columns * scan.Components;
        var precision = scan.Precision - scan.PointTransform;
        var isDirect = description.BytesPerSample == 2 && scan.FrameComponents == 1 && scan.PointTransform == 0;
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
                if (!isDirect) Store(row, scan, scan.FrameComponents, target, y * columns, description.BytesPerSample);
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
    private static bool DecodeDifferences(ref JpegBitReader reader, in JpegLosslessScan scan, Span<ushort> row)
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
        ReadOnlySpan<ushort> row, in JpegLosslessScan scan, int samples, Span<byte> target, int firstPixel, int bytesPerSample)
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
}
