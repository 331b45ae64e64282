using BulkImplantScan.Decoder;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>A transfer syntax that one of the system's libraries decodes.</summary>
/// <param name="Name">How rows call the decoder.</param>
/// <param name="Format">What the frames are.</param>
internal sealed record NativeSyntax(string Name, CodecFormat Format)
{
    /// <summary>JPEG-LS (PS3.5 A.4.3), also for a stream of the JPEG family that turns out to be one (SOF55).</summary>
    public static NativeSyntax JpegLs { get; } = new("charls", CodecFormat.JpegLs);

    /// <summary>JPEG 2000 and HTJ2K (PS3.5 A.4.4, A.4.10).</summary>
    public static NativeSyntax Jpeg2000 { get; } = new("openjpeg", CodecFormat.Jpeg2000);

    /// <summary>JPEG XL (PS3.5 A.4.11).</summary>
    public static NativeSyntax JpegXl { get; } = new("libjxl", CodecFormat.JpegXl);

    /// <summary>The syntax's; null when it is none of theirs.</summary>
    public static NativeSyntax? For(string transferSyntax) => transferSyntax switch
    {
        TransferSyntaxes.JpegLsLossless or TransferSyntaxes.JpegLsNearLossless => JpegLs,
        TransferSyntaxes.Jpeg2000Lossless or TransferSyntaxes.Jpeg2000 or TransferSyntaxes.Jpeg2000Part2Lossless
            or TransferSyntaxes.Jpeg2000Part2 or TransferSyntaxes.Htj2kLossless or TransferSyntaxes.Htj2kLosslessRpcl
            or TransferSyntaxes.Htj2k => Jpeg2000,
        TransferSyntaxes.JpegXlLossless or TransferSyntaxes.JpegXlRecompression or TransferSyntaxes.JpegXl => JpegXl,
        _ => null,
    };
}
