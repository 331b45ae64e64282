namespace BulkImplantScan.Dicom;

/// <summary>Another DICOM reader than ours. What it reads it writes anew as a clean file, which then goes through ours: one seam for
/// both, so rows mean the same whoever read the file.</summary>
/// <remarks>It is asked for files that ours finds malformed. Not for pixels, which are ours to decode: a reader that pads or
/// guesses what is truncated or corrupt would make a wrong row of a film that failed. Nor for files beyond a limit: those limits
/// guard the machine, not the reader.</remarks>
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

    /// <summary>Reads a file and writes it anew in its transfer syntax, pixels as they are.</summary>
    /// <param name="file">The whole file.</param>
    public delegate byte[]? Rewriting(ReadOnlySpan<byte> file);

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>It comes before ours.</summary>
    public bool IsFirst { get; } = isFirst;

    /// <summary>The word for <c>FilmRow.Notes</c>: <c>fo_dicom</c>.</summary>
    public string Note { get; } = name.Replace('-', '_');

    /// <summary>As a run remembers who read it.</summary>
    public static string InRun(SecondReader? second) =>
        second is null ? OursAlone : second.IsFirst ? second.Name : $"{OursAlone}, {second.Name}";

    /// <summary>The file anew if it is one for this reader; null when ours reads it, or neither does.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="scratch">Is overwritten.</param>
    public byte[]? Replace(ReadOnlySpan<byte> file, DicomDataset scratch)
    {
        var status = DicomReader.Parse(file, isWholeFile: true, scratch).Status;
        return status == ParseStatus.Malformed || (IsFirst && status == ParseStatus.Ok) ? Rewrite(file, scratch) : null;
    }

    /// <summary>The file anew, whatever ours makes of it.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="dataset">The elements of what was written.</param>
    /// <returns>Null when it cannot be read, or when ours cannot read what was written. A deflated file is ours alone.</returns>
    public byte[]? Rewrite(ReadOnlySpan<byte> file, DicomDataset dataset)
    {
        if (file.Length > MaxFileBytes || rewrite(file) is not { } rewritten) return null;
        return DicomReader.Parse(rewritten, isWholeFile: true, dataset).Status == ParseStatus.Ok ? rewritten : null;
    }
}
