using BulkImplantScan.Dicom.Deflate;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Deflated image frame (PS3.5 8.2.16, A.4.13): a frame as it would lie in a native data set, deflated by itself (RFC 1951).</summary>
internal static class DeflatedFrameCodec
{
    /// <summary>A <see cref="DecodeFrame"/>.</summary>
    public static CodecResult Decode(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool)
    {
        if (UncompressedCodec.Check(description) is { Reason: not Reason.None } fault) return fault;
        var needed = UncompressedCodec.BytesPerFrame(description);

        // What lies in its cells already needs no second buffer; cells of a bit, or of 2 to 15, are packed.
        var isInPlace = description is { SamplesPerPixel: 1, BitsAllocated: 8 or 16 or 32 };
        using var scratch = isInPlace ? null : pool.Rent(needed);
        var native = scratch is null ? target : scratch.Span(needed);
        var inflater = new Inflater(frame[DeflatedBytes.Start(frame)..], InflateTables.OfThread, 0);
        var status = inflater.Inflate(native, beyond: 2);
        if (status == InflateStatus.Corrupt) return CodecResult.Corrupt(0, "deflated bytes");
        if (inflater.Written < native.Length) return CodecResult.Truncated(frame.Length);

        // A frame of odd length may have been made even before it was deflated.
        if (status == InflateStatus.Full)
            return new(Reason.ImplausiblePixels, 0, "the frame inflates to more than rows × columns take");
        if (!isInPlace) NativePixels.Copy(native, 0, description, isBigEndian: false, isWords: false, target);
        return default;
    }
}
