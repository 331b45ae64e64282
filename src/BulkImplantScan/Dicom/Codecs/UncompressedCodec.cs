using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Encapsulated uncompressed (PS3.5 A.4.11): a frame as it would lie in a native data set, little endian, in fragments.</summary>
internal static class UncompressedCodec
{
    /// <summary>A <see cref="DecodeFrame"/>.</summary>
    public static CodecResult Decode(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool)
    {
        if (Check(description) is { Reason: not Reason.None } fault) return fault;
        var needed = BytesPerFrame(description);
        if (frame.Length < needed) return CodecResult.Truncated(frame.Length);
        if (PixelSanity.WrongLength(frame.Length, needed) is { } seen) return new(Reason.ImplausiblePixels, 0, seen);
        NativePixels.Copy(frame, 0, description, isBigEndian: false, isWords: false, target);
        return default;
    }

    /// <summary>Bytes of one frame that lies by itself: the last one filled up.</summary>
    public static long BytesPerFrame(in ImagePixelDescription description) => (NativePixels.BitsPerFrame(description) + 7) / 8;

    /// <summary>What the native layout cannot say.</summary>
    public static CodecResult Check(in ImagePixelDescription description) =>
        NativePixels.IsYbr422(description) && description.Columns % 2 != 0
            ? new(Reason.UnsupportedPixelFormat, 0, "Columns")
            : default;
}
