namespace BulkImplantScan.Dicom.Codecs;

/// <summary>What can be decoded here, from the table of codecs: what <c>doctor</c> prints.</summary>
public static class Decoders
{
    /// <summary>Every decoder, those that are off too.</summary>
    public static IReadOnlyList<DecoderStatus> All { get; } =
    [
        On("native", TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.DeflatedLittleEndian,
            TransferSyntaxes.ExplicitBigEndian),
        .. PixelCodec.All.Select(codec => On(codec.Name, [.. codec.Syntaxes])),
        Off("jpeg-ls", TransferSyntaxes.JpegLsLossless, TransferSyntaxes.JpegLsNearLossless),
        Off("jpeg-2000", TransferSyntaxes.Jpeg2000Lossless, TransferSyntaxes.Jpeg2000, TransferSyntaxes.Htj2kLossless,
            TransferSyntaxes.Htj2kLosslessRpcl, TransferSyntaxes.Htj2k),
        Off("jpeg-xl", TransferSyntaxes.JpegXlLossless, TransferSyntaxes.JpegXlRecompression, TransferSyntaxes.JpegXl),
    ];

    private static DecoderStatus On(string name, params ReadOnlySpan<string> syntaxes) => new(name, InWords(syntaxes), true, null);

    private static DecoderStatus Off(string name, params ReadOnlySpan<string> syntaxes) => new(
        name, InWords(syntaxes), false, "comes with the native codecs; such films get failed: unsupported_transfer_syntax");

    private static string InWords(ReadOnlySpan<string> syntaxes)
    {
        var words = new string[syntaxes.Length];
        for (var i = 0; i < words.Length; i++) words[i] = $"{TransferSyntaxes.InWords(syntaxes[i])} ({syntaxes[i]})";
        return string.Join(", ", words);
    }
}
