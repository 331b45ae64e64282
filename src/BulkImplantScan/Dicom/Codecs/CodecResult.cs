using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>How decoding one frame ended.</summary>
/// <param name="Reason"><see cref="Reason.None"/> when every sample was written.</param>
/// <param name="Offset">Byte of the frame's own bytes at which decoding stopped.</param>
/// <param name="Detail">What is wrong, in words.</param>
internal readonly record struct CodecResult(Reason Reason, int Offset, string? Detail)
{
    public static CodecResult Corrupt(int offset, string detail) => new(Reason.CorruptPixelData, offset, detail);

    public static CodecResult Truncated(int offset) => new(Reason.TruncatedPixelData, offset, null);
}
