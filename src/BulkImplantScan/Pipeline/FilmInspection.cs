using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>What <c>inspect</c> says of one file: its header, how its pixels decode, their hash. Nothing that names a person.</summary>
public sealed record FilmInspection
{
    /// <summary>The file, as it was given.</summary>
    public required string File { get; init; }

    /// <summary><c>decoded</c>, <c>rejected</c> or <c>failed</c>. A film can be rejected (a CT, say) and have a hash.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is not simply decoded; from the closed list.</summary>
    public string? Reason { get; init; }

    /// <summary>As <see cref="FilmRow.Detail"/>.</summary>
    public string? Detail { get; init; }

    /// <summary>As <see cref="FilmRow.FileOffset"/>.</summary>
    public long? FileOffset { get; init; }

    /// <summary>SOP Instance UID (0008,0018), as it stands in the file.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>Modality (0008,0060).</summary>
    public string? Modality { get; init; }

    /// <summary>Transfer Syntax UID.</summary>
    public string? TransferSyntax { get; init; }

    /// <summary>Rows.</summary>
    public int? Rows { get; init; }

    /// <summary>Columns.</summary>
    public int? Cols { get; init; }

    /// <summary>Number of Frames, 1 when absent.</summary>
    public int? Frames { get; init; }

    /// <summary>Bits Stored.</summary>
    public int? BitsStored { get; init; }

    /// <summary>Pixel Representation.</summary>
    public bool? Signed { get; init; }

    /// <summary>Photometric Interpretation.</summary>
    public string? Photometric { get; init; }

    /// <summary>Which decoder gave the pixels.</summary>
    public string? Decoder { get; init; }

    /// <summary>The second reader that read the file and wrote it anew; null when ours read it.</summary>
    public string? ReadBy { get; init; }

    /// <summary>Which VOI the first frame is shown with; null when it is not a grey film.</summary>
    public string? Voi { get; init; }

    /// <summary>SHA-256 of the stored pixels of all frames as int32 little endian (<see cref="PixelHash"/>).</summary>
    public string? Sha256 { get; init; }

    /// <summary>Smallest stored value.</summary>
    public long? Min { get; init; }

    /// <summary>Largest stored value.</summary>
    public long? Max { get; init; }

    /// <summary>Mean of the stored values.</summary>
    public double? Mean { get; init; }

    /// <summary>Inspects one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="geometry">What the network is given; used only for <paramref name="preview"/>.</param>
    /// <param name="preview">Called with a PNG of the first frame as the network sees it, if it can be drawn; null for none.</param>
    /// <param name="triage">Which films are judged; null for the default.</param>
    /// <param name="second">For what our reader rejects, or before it; null for ours alone.</param>
    public static FilmInspection Of(
        string path, InputGeometry geometry, Action<byte[]>? preview, Triage? triage = null, SecondReader? second = null)
    {
        // Opened as the scan opens it: a pipe or a device is said to be one, not waited for.
        var full = System.IO.Path.GetFullPath(path);
        using var file = ArchiveFiles.Open(
            System.IO.Path.GetDirectoryName(full) ?? full, Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(full)), out var reason, out var detail);
        if (file is null) return TurnedAway(path, reason, detail, null);
        if (file.Bytes == 0) return TurnedAway(path, Results.Reason.EmptyFile, null, null);
        if (file.Bytes > ScanOptions.DefaultMaxFilmBytes) return TurnedAway(path, Results.Reason.TooLarge, null, null);
        using var pool = new PixelBufferPool();
        using var buffer = pool.Rent(file.Bytes);
        var bytes = buffer.Span(file.Bytes);
        if (!file.TryRead(bytes, 0, out var read) || read != bytes.Length) return TurnedAway(path, Results.Reason.UnreadableFile, null, read);
        if (second?.Replace(bytes, new()) is not { } rewritten) return OfBytes(path, bytes, pool, geometry, preview, triage ?? Triage.Default);

        // A place in what was written anew is none in the file.
        return OfBytes(path, rewritten, pool, geometry, preview, triage ?? Triage.Default) with { FileOffset = null, ReadBy = second.Name };
    }

    private static FilmInspection OfBytes(
        string path, ReadOnlySpan<byte> file, PixelBufferPool pool, InputGeometry geometry, Action<byte[]>? preview, Triage triage)
    {
        var dataset = new DicomDataset();
        using var parsed = ParsedFile.Open(file, dataset, pool);
        if (parsed.Outcome.Status == ParseStatus.NotDicom) return TurnedAway(path, Results.Reason.NotDicom, null, null);
        if (parsed.Outcome.Status != ParseStatus.Ok)
            return Header(path, parsed.Bytes, dataset, Results.Reason.MalformedDataSet, parsed.Outcome.Detail, parsed.Outcome.Offset);
        if (dataset.IsDicomdir) return Header(path, parsed.Bytes, dataset, Results.Reason.Dicomdir, null, null);
        if (dataset.PixelData is null) return Header(path, parsed.Bytes, dataset, Results.Reason.NoPixelData, null, null);

        var description = dataset.DescribePixels(parsed.Bytes);
        var frames = Math.Max(1, description.NumberOfFrames);
        var reason = triage.Judge(parsed.Bytes, dataset, out var detail);
        if (frames > FileIndexer.MaximumFrames) return Header(path, parsed.Bytes, dataset, Results.Reason.TooLarge, "frames", null);

        using var hash = new PixelHash();
        string? decoder = null, voi = null;
        for (var frame = 1; frame <= frames; frame++)
        {
            var decoded = FrameDecoder.Decode(parsed.Bytes, dataset, frame, DecodeSettings.Exact, pool);
            decoder = decoded.Decoder;
            if (decoded.Pixels is not { } pixels)
                return Header(path, parsed.Bytes, dataset, decoded.Reason, decoded.Detail, decoded.FileOffset) with { Decoder = decoder };
            using (pixels)
            {
                hash.Append(pixels);
                if (frame == 1 && pixels is { SamplesPerPixel: 1, BytesPerSample: <= 2 })
                {
                    var grayscale = GrayscalePipeline.Compile(parsed.Bytes, dataset, pixels);
                    voi = grayscale.Voi;
                    preview?.Invoke(Draw(pixels, grayscale.Transform, geometry));
                }
            }
        }

        return Header(path, parsed.Bytes, dataset, reason, detail, null) with
        {
            Decoder = decoder, Voi = voi, Sha256 = hash.Sha256(), Min = hash.Min, Max = hash.Max, Mean = hash.Mean,
        };
    }

    private static byte[] Draw(StoredPixels pixels, GrayscaleTransform transform, InputGeometry geometry)
    {
        var network = new float[geometry.FilmLength];
        return NetworkView.Png(network, geometry, PreprocessSimd.Run(pixels, transform, geometry, network, new()));
    }

    private static FilmInspection Header(
        string path, ReadOnlySpan<byte> bytes, DicomDataset dataset, Reason reason, string? detail, long? offset)
    {
        var description = dataset.DescribePixels(bytes);
        return TurnedAway(path, reason, detail, offset) with
        {
            SopInstanceUid = dataset.GetString(bytes, DicomTags.SopInstanceUid),
            Modality = dataset.GetString(bytes, DicomTags.Modality),
            TransferSyntax = dataset.TransferSyntax,
            Rows = description.Rows,
            Cols = description.Columns,
            Frames = Math.Max(1, description.NumberOfFrames),
            BitsStored = description.BitsStored,
            Signed = description.IsSigned,
            Photometric = description.Photometric,
        };
    }

    private static FilmInspection TurnedAway(string path, Reason reason, string? detail, long? offset) => new()
    {
        File = path,
        Status = reason == Results.Reason.None ? "decoded" : reason.Status().InRow(),
        Reason = reason == Results.Reason.None ? null : reason.InRow(),
        Detail = detail,
        FileOffset = offset,
    };
}
