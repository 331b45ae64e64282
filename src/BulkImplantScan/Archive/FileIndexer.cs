using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>One entry of a walk in; its rows of the inventory out, never none.</summary>
/// <remarks>Not for several threads: each worker has its own.</remarks>
internal sealed class FileIndexer(
    string root, Pseudonyms pseudonyms, Triage triage, PictureIndexer pictures, PixelBufferPool pool) : IDisposable
{
    /// <summary>Frames of a file that get a row each; of a file with more, so many at even distances
    /// (<see cref="FrameSample"/>).</summary>
    public const int MaximumFrames = 1024;

    private static readonly FilmFacts NoFacts = new();
    private readonly HeaderProbe _probe = new(pool);
    private readonly List<IndexedPage> _pages = [];

    /// <summary>The rows, with a film index of 0: it is known when all before are written.</summary>
    /// <param name="entry">Of the walk.</param>
    /// <param name="rows">They are added here.</param>
    /// <returns>Size of the file; 0 when it could not be opened.</returns>
    public long Index(ArchiveEntry entry, List<InventoryFilm> rows)
    {
        var line = pictures.LineOf(entry.Path);
        if (entry.Kind != ArchiveEntryKind.File)
        {
            rows.Add(Row(entry.Path, null, 1, 1, 0, NoFacts) with
            {
                Reason = entry.Kind switch
                {
                    ArchiveEntryKind.SpecialFile => Reason.NotDicom,
                    ArchiveEntryKind.UnreadableFile => Reason.UnreadableFile,
                    _ => Reason.UnreadableFolder,
                },
                Detail = entry.Detail,
            });
            return 0;
        }

        using var file = ArchiveFiles.Open(root, entry.Path, out var reason, out var detail);
        if (file is null)
        {
            rows.Add(Row(entry.Path, null, 1, 1, 0, NoFacts) with { Reason = reason, Detail = detail });
            return 0;
        }

        IndexFile(entry.Path, file, line, rows);
        return file.Bytes;
    }

    /// <summary>Gives back the buffers.</summary>
    public void Dispose() => _probe.Dispose();

    private void IndexFile(byte[] path, OpenedFile file, SidecarLine? line, List<InventoryFilm> rows)
    {
        var header = _probe.Read(file);
        if (TryIndexPicture(path, file, line, rows)) return;
        if (header.Reason is Reason.EmptyFile or Reason.UnreadableFile or Reason.NotDicom)
        {
            rows.Add(Row(path, null, 1, 1, file.Bytes, NoFacts) with { Reason = header.Reason, Detail = header.Detail });
            return;
        }

        var bytes = _probe.Bytes;
        var dataset = _probe.Dataset;
        var facts = FilmFactsReader.Read(bytes, dataset, pseudonyms);
        var uid = dataset.GetString(bytes, DicomTags.SopInstanceUid);
        var (reason, detail) = (header.Reason, header.Detail);
        var frames = 1;
        if (reason == Reason.None && dataset.IsDicomdir) reason = Reason.Dicomdir;
        else if (reason == Reason.None && dataset.PixelData is null) (reason, detail) = (Reason.NoPixelData, facts.Modality);
        else if (reason == Reason.None)
        {
            var pixels = dataset.DescribePixels(bytes);
            frames = pixels.NumberOfFrames;
            reason = triage.Judge(bytes, dataset, out detail);
            if (reason == Reason.None && frames == 0) (reason, detail) = (Reason.MissingAttribute, "NumberOfFrames");
            if (reason == Reason.None && frames > FrameDecoder.MaxFrames) (reason, detail) = (Reason.TooLarge, "NumberOfFrames");
        }

        // More than the decoder's limit is no film but a number: one row says so.
        var count = frames is > 0 and <= FrameDecoder.MaxFrames ? Math.Min(frames, MaximumFrames) : 1;
        for (var place = 0; place < count; place++)
        {
            var frame = FrameSample.Frame(place, count, Math.Max(count, frames));
            rows.Add(Row(path, uid, frame, Math.Max(1, frames), file.Bytes, facts) with
            {
                Reason = reason,
                Detail = detail,
                FileOffset = header.FileOffset,
            });
        }
    }

    /// <summary>A picture that is a film has a row a page.</summary>
    private bool TryIndexPicture(byte[] path, OpenedFile file, SidecarLine? line, List<InventoryFilm> rows)
    {
        _pages.Clear();
        var bytes = new PictureBytes(_probe.Bytes, file.Bytes, file.TryRead);
        if (PictureMagic.Of(_probe.Bytes) is not { } format || !pictures.TryIndex(bytes, format, line, _pages)) return false;
        for (var page = 0; page < _pages.Count; page++)
        {
            var (facts, reason, detail, offset) = _pages[page];
            rows.Add(Row(path, null, page + 1, _pages.Count, file.Bytes, facts) with { Reason = reason, Detail = detail, FileOffset = offset });
        }

        return true;
    }

    private InventoryFilm Row(byte[] path, string? uid, int frame, int frames, long bytes, FilmFacts facts) => new()
    {
        FilmIndex = 0,
        FilmKey = pseudonyms.Film(uid, frame, path),
        Path = path,
        Frame = frame,
        Frames = frames,
        FileBytes = bytes,
        Facts = uid is null ? facts : facts with { Instance = pseudonyms.Instance(uid, frame) },
    };
}
