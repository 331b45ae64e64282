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
        .. NativeCodecs.Status.Select(library => new DecoderStatus(
            library.Name, InWords(library.Syntaxes.ToArray()) + (library.Version is null ? "" : $" by version {library.Version}"),
            library.File is not null, library.Fix)),
    ];

    private static DecoderStatus On(string name, params ReadOnlySpan<string> syntaxes) => new(name, InWords(syntaxes), true, null);

    private static string InWords(ReadOnlySpan<string> syntaxes)
    {
        var words = new string[syntaxes.Length];
        for (var i = 0; i < words.Length; i++) words[i] = $"{TransferSyntaxes.InWords(syntaxes[i])} ({syntaxes[i]})";
        return string.Join(", ", words);
    }
}
