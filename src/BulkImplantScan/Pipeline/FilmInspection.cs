using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
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

    /// <summary>Which VOI the first frame is shown with.</summary>
    public string? Voi { get; init; }

    /// <summary>As <see cref="FilmRow.Notes"/>, of the first frame; null when there are none.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>The first frame's field of view in stored pixels; null when it is the whole film.</summary>
    public FieldOfView? Field { get; init; }

    /// <summary>SHA-256 of the stored pixels of all frames as int32 little endian (<see cref="PixelHash"/>); null when there are more
    /// than a scan looks at.</summary>
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
    /// <param name="preview">Called with PNGs of the first frame as the network sees it, and whole with its field of view framed, if
    /// it can be drawn; null for none.</param>
    /// <param name="triage">Which films are judged; null for the default.</param>
    /// <param name="codecs">Where the system's codec libraries run; null for <see cref="NativeCodecs.Shared"/>.</param>
    /// <param name="second">For what our reader rejects, or before it; null for ours alone.</param>
    public static FilmInspection Of(
        string path, InputGeometry geometry, Action<byte[], byte[]>? preview, Triage? triage = null, NativeCodecs? codecs = null,
        SecondReader? second = null)
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
        var (judging, settings) = (triage ?? Triage.Default, DecodeSettings.Exact with { NativeCodecs = codecs ?? NativeCodecs.Shared });
        if (second?.Replace(bytes, new()) is not { } rewritten) return OfBytes(path, bytes, pool, geometry, preview, judging, settings);

        // A place in what was written anew is none in the file.
        return OfBytes(path, rewritten, pool, geometry, preview, judging, settings) with { FileOffset = null, ReadBy = second.Name };
    }

    private static FilmInspection OfBytes(
        string path, ReadOnlySpan<byte> file, PixelBufferPool pool, InputGeometry geometry, Action<byte[], byte[]>? preview, Triage triage,
        DecodeSettings settings)
    {
        if (PictureMagic.Of(file) is { } format) return OfPicture(path, file, format, pool, geometry, preview);
        var dataset = new DicomDataset();
        using var parsed = ParsedFile.Open(file, dataset, pool);
        if (parsed.Outcome.Status == ParseStatus.NotDicom) return TurnedAway(path, Results.Reason.NotDicom, null, null);
        if (parsed.Outcome.Status != ParseStatus.Ok)
            return Header(path, parsed.Bytes, dataset, parsed.Outcome.Reason, parsed.Outcome.Detail, parsed.Outcome.Offset);
        if (dataset.IsDicomdir) return Header(path, parsed.Bytes, dataset, Results.Reason.Dicomdir, null, null);
        if (dataset.PixelData is null) return Header(path, parsed.Bytes, dataset, Results.Reason.NoPixelData, null, null);

        var description = dataset.DescribePixels(parsed.Bytes);
        var frames = Math.Max(1, description.NumberOfFrames);
        var reason = triage.Judge(parsed.Bytes, dataset, out var detail);
        if (frames > FrameDecoder.MaxFrames) return Header(path, parsed.Bytes, dataset, Results.Reason.TooLarge, "NumberOfFrames", null);

        using var hash = new PixelHash();
        string? decoder = null, voi = null;
        FieldOfView? stored = null;
        var count = Math.Min(frames, FileIndexer.MaximumFrames);
        var notes = count < frames ? new List<string> { DecodeNote.SampledFrames } : [];
        for (var place = 0; place < count; place++)
        {
            var frame = FrameSample.Frame(place, count, frames);
            var decoded = FrameDecoder.Decode(parsed.Bytes, dataset, frame, settings, pool);
            decoder = decoded.Decoder;
            if (decoded.Pixels is not { } pixels)
                return Header(path, parsed.Bytes, dataset, decoded.Reason, decoded.Detail, decoded.FileOffset) with { Decoder = decoder };
            hash.Append(pixels);
            if (place > 0)
            {
                pixels.Dispose();
                continue;
            }

            var gray = GrayFilm.Of(parsed.Bytes, dataset, decoded, pool);
            using var shown = gray.Pixels;
            notes.AddRange(gray.Notes);
            if (shown is null)
            {
                // The stored pixels are there all the same, and have a hash.
                if (reason == Results.Reason.None) (reason, detail) = (gray.Reason, gray.Detail);
                continue;
            }

            if (reason == Results.Reason.None && PixelSanity.Check(shown) is { } seen)
                (reason, detail) = (Results.Reason.ImplausiblePixels, seen);
            var field = FieldDecision.Find(parsed.Bytes, dataset, gray, FieldOfViewMode.Auto);
            var grayscale = GrayscalePipeline.Compile(parsed.Bytes, dataset, frame, gray, field.Windowing);
            using var transform = grayscale.Transform;
            var aspect = PixelShape.Read(parsed.Bytes, dataset);
            (voi, stored) = (grayscale.Voi, field.Cut);
            notes.AddRange(field.Notes);
            if (!aspect.IsSquare) notes.Add(DecodeNote.Aspect);
            Preview(preview, shown, transform, field.Crop, aspect, geometry);
        }

        return Header(path, parsed.Bytes, dataset, reason, detail, null) with
        {
            Decoder = decoder, Voi = voi, Field = stored, Notes = notes.Count > 0 ? notes : null, Sha256 = count == frames ? hash.Sha256() : null, Min = hash.Min, Max = hash.Max, Mean = hash.Mean,
        };
    }

    /// <summary>An exported picture: each page of it, as <c>scan</c> decodes it where it is a film.</summary>
    private static FilmInspection OfPicture(
        string path, ReadOnlySpan<byte> file, PictureFormat format, PixelBufferPool pool, InputGeometry geometry, Action<byte[], byte[]>? preview)
    {
        var headers = new List<PictureHeader>();
        PictureDecoder.ReadHeaders(new(file), format, FileIndexer.MaximumFrames, headers);
        if (headers.Count > FileIndexer.MaximumFrames) return TurnedAway(path, Results.Reason.TooLarge, "frames", null);
        var first = headers[0];
        var inspection = TurnedAway(path, Results.Reason.None, null, null) with
        {
            Rows = first.Rows, Cols = first.Columns, Frames = headers.Count, BitsStored = first.BitsStored, Photometric = first.Photometric,
            Decoder = format.InRow(),
        };

        using var hash = new PixelHash();
        string? voi = null;
        for (var page = 1; page <= headers.Count; page++)
        {
            var decoded = PictureDecoder.Decode(file, format, page, pool);
            if (decoded.Pixels is not { } pixels)
            {
                return inspection with
                {
                    Status = decoded.Reason.Status().InRow(), Reason = decoded.Reason.InRow(), Detail = decoded.Detail, FileOffset = decoded.FileOffset,
                };
            }

            hash.Append(pixels);
            if (page > 1)
            {
                pixels.Dispose();
                continue;
            }

            if (PixelSanity.Check(pixels) is { } seen)
            {
                const Reason implausible = Results.Reason.ImplausiblePixels;
                inspection = inspection with { Status = implausible.Status().InRow(), Reason = implausible.InRow(), Detail = seen };
            }

            var film = PictureFilm.Of(decoded, FieldOfViewMode.Auto, pool);
            using var shown = film.Pixels;
            using var transform = film.Grayscale.Transform;
            string[] notes = [.. film.Notes, .. film.Field.Notes];
            voi = film.Grayscale.Voi;
            inspection = inspection with
            {
                Signed = shown.Kind is SampleKind.S8 or SampleKind.S16, Field = film.Field.Cut, Notes = notes.Length > 0 ? notes : null,
            };
            Preview(preview, shown, transform, film.Field.Crop, PixelAspect.Square, geometry);
        }

        return inspection with { Voi = voi, Sha256 = hash.Sha256(), Min = hash.Min, Max = hash.Max, Mean = hash.Mean };
    }

    private static void Preview(
        Action<byte[], byte[]>? preview, StoredPixels pixels, GrayscaleTransform transform, FieldOfView field, PixelAspect aspect,
        InputGeometry geometry) => preview?.Invoke(
            Draw(pixels, transform, FilmView.Of(pixels, field, aspect, geometry), geometry),
            FieldPicture.Draw(pixels, transform, field, aspect, geometry));

    private static byte[] Draw(StoredPixels pixels, GrayscaleTransform transform, FilmView view, InputGeometry geometry)
    {
        var network = new float[geometry.FilmLength];
        return NetworkView.Png(network, geometry, PreprocessSimd.Run(pixels, transform, view, geometry, network, new()));
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
