using BulkImplantScan.Imaging;
namespace BulkImplantScan.Dicom.Codecs;
internal static class JpegLosslessCodec
{
    public static CodecResult Decode(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool) =>
        CodecResult.Corrupt(0, "not yet");
}
