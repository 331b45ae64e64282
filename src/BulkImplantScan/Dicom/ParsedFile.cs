using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>A whole file with its header parsed, inflated where it was deflated.</summary>
/// <remarks>A ref struct: it lives no longer than the bytes it points into.</remarks>
public readonly ref struct ParsedFile
{
    private readonly PixelBuffer? _inflated;

    private ParsedFile(ParseOutcome outcome, ReadOnlySpan<byte> bytes, PixelBuffer? inflated, PixelBuffer? holder)
    {
        Outcome = outcome;
        Bytes = bytes;
        _inflated = inflated;
        Holder = inflated ?? holder;
    }

    /// <summary>Whether the header was read; when not, where it stopped being readable.</summary>
    public ParseOutcome Outcome { get; }

    /// <summary>What the data set's offsets count in.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The buffer in which <see cref="Bytes"/> lie from its first byte, where that is known: for
    /// <see cref="FrameDecoder.Decode"/>, which then need not copy native pixels.</summary>
    public PixelBuffer? Holder { get; }

    /// <summary>Parses a whole file.</summary>
    /// <param name="file">Its bytes; must stay while this is used.</param>
    /// <param name="dataset">Cleared, then filled.</param>
    /// <param name="pool">Gives memory to inflate into.</param>
    /// <param name="holder">The buffer in which <paramref name="file"/> lies from its first byte; null when it lies elsewhere.</param>
    public static ParsedFile Open(ReadOnlySpan<byte> file, DicomDataset dataset, PixelBufferPool pool, PixelBuffer? holder = null)
    {
        var outcome = DicomReader.Parse(file, isWholeFile: true, dataset);
        if (outcome.Status != ParseStatus.Deflated) return new(outcome, file, null, holder);
        outcome = DicomReader.Inflate(file, isWholeFile: true, headerOnly: false, dataset, pool, out var inflated, out var length);
        return inflated is null ? new(outcome, file, null, holder) : new(outcome, inflated.Span(length), inflated, null);
    }

    /// <summary>Gives the inflated bytes back.</summary>
    public void Dispose() => _inflated?.Dispose();
}
