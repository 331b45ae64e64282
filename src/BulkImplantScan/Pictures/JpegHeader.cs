using System.Buffers.Binary;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>What stands before the first scan of a JPEG file (ITU-T T.81 B; JFIF; Adobe Technical Note 5116; EXIF).</summary>
/// <param name="Rows">As stored.</param>
/// <param name="Columns">As stored.</param>
/// <param name="Precision">8 or 12.</param>
/// <param name="Components">1 or 3.</param>
/// <param name="IsYcc">The first component is the luminance.</param>
/// <param name="IsProgressive">Coefficients come in several scans and are all held in memory.</param>
/// <param name="Orientation">1 to 8.</param>
/// <param name="FirstScan">Offset of the first SOS marker.</param>
internal readonly record struct JpegHeader(
    int Rows, int Columns, int Precision, int Components, bool IsYcc, bool IsProgressive, int Orientation, long FirstScan)
{
    private const int MaxSegments = 10_000;
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9, App0 = 0xE0, App1 = 0xE1, App14 = 0xEE;

    /// <summary>Walks the segments up to the first scan.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="header">Valid when the reason is None.</param>
    public static PictureHeader Read(in PictureBytes bytes, out JpegHeader header)
    {
        header = default;
        int? adobeTransform = null;
        var (isJfif, orientation) = (false, 1);
        var frame = default(JpegHeader);
        var isRgbByName = false;
        Span<byte> head = stackalloc byte[20];
        long at = 2;
        for (var count = 0; ; count++)
        {
            if (count > MaxSegments) return PictureHeader.Failed(Reason.MalformedDataSet, "too many segments", at);
            if (!bytes.TryRead(at, head[..2])) return PictureHeader.Failed(Reason.TruncatedPixelData, null, bytes.Length);
            if (head[0] != 0xFF) return PictureHeader.Failed(Reason.MalformedDataSet, "marker", at);
            var marker = head[1];
            if (marker == 0xFF) // a fill byte
            {
                at++;
                continue;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8)) // without a length
            {
                at += 2;
                continue;
            }

            if (marker == StartOfScan) break;
            if (marker == EndOfImage) return PictureHeader.Failed(Reason.MalformedDataSet, "no scan", at);
            if (!bytes.TryRead(at + 2, head[..2])) return PictureHeader.Failed(Reason.TruncatedPixelData, null, bytes.Length);
            var length = BinaryPrimitives.ReadUInt16BigEndian(head);
            if (length < 2) return PictureHeader.Failed(Reason.MalformedDataSet, "segment", at);
            var content = length - 2;
            var start = at + 4;
            if (start + content > bytes.Length) return PictureHeader.Failed(Reason.TruncatedPixelData, null, bytes.Length);
            var wanted = head[..Math.Min(content, head.Length)];
            if (!bytes.TryRead(start, wanted)) return PictureHeader.Failed(Reason.UnreadableFile, "EIO");
            switch (marker)
            {
                case App0 when wanted.StartsWith("JFIF\0"u8):
                    isJfif = true;
                    break;
                case App1 when wanted.StartsWith("Exif\0\0"u8):
                    orientation = TiffDirectory.Orientation(bytes.Slice(start + 6, content - 6));
                    break;
                case App14 when wanted.Length >= 12 && wanted.StartsWith("Adobe"u8):
                    adobeTransform = wanted[11];
                    break;
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    if (frame.Components != 0) return PictureHeader.Failed(Reason.MalformedDataSet, "two frames", at);
                    if (marker is not (0xC0 or 0xC1 or 0xC2))
                        return PictureHeader.Failed(Reason.UnsupportedPixelFormat, FormattableString.Invariant($"SOF{marker - 0xC0}"), at);
                    if (wanted.Length < 6 || content < 6 + 3 * wanted[5])
                        return PictureHeader.Failed(Reason.MalformedDataSet, "SOF", at);
                    frame = new(
                        BinaryPrimitives.ReadUInt16BigEndian(wanted[1..]), BinaryPrimitives.ReadUInt16BigEndian(wanted[3..]),
                        wanted[0], wanted[5], false, marker == 0xC2, 1, 0);
                    isRgbByName = frame.Components == 3 && wanted.Length >= 15 && (wanted[6], wanted[9], wanted[12]) == ((byte)'R', (byte)'G', (byte)'B');
                    break;
            }

            at = start + content;
        }

        if (frame.Components == 0) return PictureHeader.Failed(Reason.MalformedDataSet, "no SOF", at);
        if (frame.Rows == 0 || frame.Columns == 0) return PictureHeader.Failed(Reason.UnsupportedPixelFormat, "lines not told", at);
        if (frame.Components is not (1 or 3)) return PictureHeader.Failed(Reason.UnsupportedPixelFormat, "CMYK", at);
        if (frame.Precision is not (8 or 12)) return PictureHeader.Failed(Reason.UnsupportedPixelFormat, "precision", at);

        // As libjpeg, whose reading is everyone's: JFIF is YCbCr by definition, else Adobe says it, else the names of the components.
        var isYcc = frame.Components == 3 && (isJfif || (adobeTransform is { } transform ? transform != 0 : !isRgbByName));
        header = frame with { IsYcc = isYcc, Orientation = orientation, FirstScan = at };
        var isTransposed = Pictures.Orientation.IsTransposed(orientation);
        return new PictureHeader
        {
            Rows = isTransposed ? frame.Columns : frame.Rows,
            Columns = isTransposed ? frame.Rows : frame.Columns,
            BitsStored = frame.Precision,
            Photometric = frame.Components == 1 ? "MONOCHROME2" : isYcc ? "YBR_FULL" : "RGB",
        }.Checked(isYcc ? 1 : frame.Components);
    }
}
