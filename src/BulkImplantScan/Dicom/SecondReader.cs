using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Another DICOM reader than ours. What it reads it writes anew as a clean file, which then goes through ours: one seam for
/// both, so rows mean the same whoever read the file.</summary>
/// <remarks>It is asked for files that ours finds malformed and for transfer syntaxes that ours has no decoder for. Not for pixels
/// that ours finds truncated or corrupt: a reader that pads or guesses would make a wrong row of a film that failed. Nor for
/// files beyond a limit: those limits guard the machine, not the reader.</remarks>
/// <param name="name">For rows and runs: <c>fo-dicom</c>.</param>
/// <param name="isFirst">Every DICOM file goes through it, and to ours alone only what it cannot read.</param>
/// <param name="rewrite">Reads a file and writes it anew. Called by several threads; gives null, and never throws, for what it
/// cannot read; bounds its own time and memory.</param>
public sealed class SecondReader(string name, bool isFirst, SecondReader.Rewriting rewrite)
{
    /// <summary>What a run says that was read without a second reader.</summary>
    public const string OursAlone = "ours";

    /// <summary>Files above this many bytes are ours alone: another reader holds a film several times.</summary>
    public const long MaxFileBytes = 256L << 20;

    /// <summary>Reads a file and writes it anew, never deflated.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="decodes">Decompress the pixels if that can be done, else leave them as they are.</param>
    public delegate RewrittenFile? Rewriting(ReadOnlySpan<byte> file, bool decodes);

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>It comes before ours.</summary>
    public bool IsFirst { get; } = isFirst;

    /// <summary>The word for <c>FilmRow.Notes</c>: <c>fo_dicom</c>.</summary>
    public string Note { get; } = name.Replace('-', '_');

    /// <summary>As a run remembers who read it.</summary>
    public static string InRun(SecondReader? second) =>
        second is null ? OursAlone : second.IsFirst ? second.Name : $"{OursAlone}, {second.Name}";

    /// <summary>The header anew, for the index.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="dataset">The elements of what was written.</param>
    /// <returns>Null when it cannot be read, or when ours cannot read what was written.</returns>
    public RewrittenFile? RewriteHeader(ReadOnlySpan<byte> file, DicomDataset dataset) =>
        rewrite(file, decodes: false) is { } rewritten && DicomReader.Parse(rewritten.Bytes, isWholeFile: true, dataset).Status == ParseStatus.Ok
            ? rewritten : null;

    /// <summary>The file anew if it is one for this reader; null when ours reads it, or neither does.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="scratch">Is overwritten.</param>
    /// <param name="pool">Gives memory to inflate into.</param>
    public RewrittenFile? Replace(ReadOnlySpan<byte> file, DicomDataset scratch, PixelBufferPool pool)
    {
        var outcome = DicomReader.Parse(file, isWholeFile: true, scratch);
        if (outcome.Status == ParseStatus.Deflated)
        {
            outcome = DicomReader.Inflate(file, isWholeFile: true, headerOnly: true, scratch, pool, out var inflated, out _);
            inflated?.Dispose();
        }

        if (outcome.Status == ParseStatus.NotDicom) return null;
        var syntax = scratch.TransferSyntax ?? "";
        var isUndecodable = outcome.Status == ParseStatus.Ok && !TransferSyntaxes.IsNative(syntax) && PixelCodec.For(syntax) is null && NativeSyntax.For(syntax) is null;
        if (!IsFirst && outcome.Status == ParseStatus.Ok && !isUndecodable) return null;
        if (file.Length > MaxFileBytes || rewrite(file, decodes: true) is not { } rewritten) return null;
        if (isUndecodable && !rewritten.IsDecoded) return null;
        return DicomReader.Parse(rewritten.Bytes, isWholeFile: true, scratch).Status == ParseStatus.Ok ? rewritten : null;
    }
}
