using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>JPEG-LS, lossless and near-lossless (ITU-T T.87): one component of 2 to 16 bits, which every radiograph is.</summary>
/// <remarks>Colour, mapping tables, restart intervals and a MAXVAL other than 2ⁿ − 1 are not here: CharLS decodes those.</remarks>
internal static class JpegLsCodec
{
    private const int MaxSegments = 10_000; // as JpegLosslessCodec

    // 6 KiB of contexts that a thread fills anew for each frame.
    [ThreadStatic]
    private static JpegLsScan? t_scan;

    /// <summary>A <see cref="DecodeFrame"/>. <see cref="Reason.UnsupportedPixelFormat"/> for what another codec must decode.</summary>
    public static CodecResult Decode(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool)
    {
        if (frame.Length < 2) return CodecResult.Truncated(frame.Length);
        if (frame[0] != 0xFF || frame[1] != 0xD8) return CodecResult.Corrupt(0, "no start of image");
        var precision = 0;
        ReadOnlySpan<byte> preset = default;
        var at = 2;
        for (var segments = 0; ; segments++)
        {
            if (segments == MaxSegments) return CodecResult.Corrupt(at, "more marker segments than the limit");
            while (at + 1 < frame.Length && frame[at] == 0xFF && frame[at + 1] == 0xFF) at++; // fill bytes
            if (at + 4 > frame.Length) return CodecResult.Truncated(frame.Length);
            if (frame[at] != 0xFF) return CodecResult.Corrupt(at, "a marker was expected");
            var marker = frame[at + 1];
            if (marker is < 0xC0 or >= 0xD0 and <= 0xD9) return CodecResult.Corrupt(at, "a marker out of place");
            var length = BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 2)..]);
            if (length < 2) return CodecResult.Corrupt(at, "length of a marker segment");
            var start = at + 4;
            at += 2 + length;
            if (at > frame.Length) return CodecResult.Truncated(frame.Length);
            var segment = frame[start..at];
            switch (marker)
            {
                case 0xF7:
                    if (ReadFrame(segment, description, ref precision) is { } fault) return CodecResult.Corrupt(start, fault);
                    if (description.SamplesPerPixel != 1) return Unsupported(start, "components");
                    break;
                case 0xF8 when segment.Length >= 11 && segment[0] == 1:
                    preset = segment;
                    break;
                case 0xF8:
                    return Unsupported(start, "mapping table or oversize image");
                case 0xDD:
                    return Unsupported(start, "restart interval");
                case 0xDA:
                    if (precision == 0) return CodecResult.Corrupt(start, "a scan before its frame header");
                    if (segment.Length < 6 || segment[0] != 1) return CodecResult.Corrupt(start, "scan header");
                    if (segment[2] != 0) return Unsupported(start, "mapping table or oversize image");
                    if ((segment[5] & 0xF) != 0) return Unsupported(start, "point transform");
                    var parameters = Parameters(preset, precision, near: segment[3]);

                    // CharLS, which wrote most streams that there are, departs from T.87 here: its own decoder knows how.
                    if (parameters.IsAllowed && parameters.MaxValue != (1 << precision) - 1) return Unsupported(start, "MAXVAL");
                    return parameters.IsAllowed
                        ? DecodeScan(frame, at, parameters, description, target)
                        : CodecResult.Corrupt(start, "coding parameters");
                case >= 0xC0 and <= 0xCF:
                    return CodecResult.Corrupt(start, "another JPEG process than JPEG-LS");
            }
        }
    }

    private static CodecResult Unsupported(int offset, string detail) => new(Reason.UnsupportedPixelFormat, offset, detail);

    private static string? ReadFrame(ReadOnlySpan<byte> segment, in ImagePixelDescription description, ref int precision)
    {
        if (precision != 0) return "a second frame header";
        if (segment.Length < 6 || segment.Length < 6 + 3 * segment[5]) return "frame header";
        if (segment[0] is < 2 or > 16) return "precision";
        if (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]) != description.Rows
            || BinaryPrimitives.ReadUInt16BigEndian(segment[3..]) != description.Columns)
        {
            return "rows or columns disagree with the header";
        }

        if (segment[5] != description.SamplesPerPixel) return "components disagree with the header";
        if (description.BitsAllocated is not (8 or 16) || segment[0] > description.BitsAllocated)
            return "precision disagrees with the header";
        precision = segment[0];
        return null;
    }

    /// <summary>Of the LSE segment, in which 0 stands for the default of each (C.2.4.1.1).</summary>
    private static JpegLsParameters Parameters(ReadOnlySpan<byte> preset, int precision, int near)
    {
        var largest = (1 << precision) - 1;
        if (preset.IsEmpty) return JpegLsParameters.Default(largest, near);
        int maxValue = Number(preset, 0), t1 = Number(preset, 1), t2 = Number(preset, 2), t3 = Number(preset, 3), reset = Number(preset, 4);
        if (maxValue > largest) return default;
        var usual = JpegLsParameters.Default(maxValue == 0 ? largest : maxValue, near);
        return new(
            usual.MaxValue, t1 == 0 ? usual.T1 : t1, t2 == 0 ? usual.T2 : t2, t3 == 0 ? usual.T3 : t3, reset == 0 ? usual.Reset : reset, near);

        static int Number(ReadOnlySpan<byte> preset, int index) => BinaryPrimitives.ReadUInt16BigEndian(preset[(1 + 2 * index)..]);
    }

    private static CodecResult DecodeScan(
        ReadOnlySpan<byte> frame, int start, in JpegLsParameters parameters, in ImagePixelDescription description, Span<byte> target)
    {
        var scan = t_scan ??= new();
        scan.Begin(parameters);
        var reader = new JpegLsBitReader(frame, start);
        var width = description.Columns;
        var scratch = ArrayPool<ushort>.Shared.Rent(2 * (width + 2));
        try
        {
            // Two rows in turn, each with a sample more at both ends; above the first row all is 0.
            scratch.AsSpan(0, 2 * (width + 2)).Clear();
            for (var y = 0; y < description.Rows; y++)
            {
                var row = scratch.AsSpan((y & 1) * (width + 2), width + 2);
                var isDecoded = scan.DecodeRow(ref reader, scratch.AsSpan((~y & 1) * (width + 2), width + 2), row);
                if (reader.IsOverrun)
                {
                    return reader.IsAtEnd
                        ? CodecResult.Truncated(reader.Position)
                        : CodecResult.Corrupt(reader.Position, "a marker before the last row");
                }

                if (!isDecoded) return CodecResult.Corrupt(reader.Position, "a code that no encoder writes");
                Store(row.Slice(1, width), target, y * width, description.BytesPerSample);
            }

            return default;
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(scratch);
        }
    }

    private static void Store(ReadOnlySpan<ushort> row, Span<byte> target, int first, int bytesPerSample)
    {
        if (bytesPerSample == 2) row.CopyTo(MemoryMarshal.Cast<byte, ushort>(target)[first..]);
        else for (var x = 0; x < row.Length; x++) target[first + x] = (byte)row[x];
    }
}
