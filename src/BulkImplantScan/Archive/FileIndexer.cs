using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>One entry of a walk in; its rows of the inventory out, never none.</summary>
/// <remarks>Not for several threads: each worker has its own.</remarks>
internal sealed class FileIndexer(string root, Pseudonyms pseudonyms, Triage triage, PixelBufferPool pool, SecondReader? second) : IDisposable
{
    /// <summary>Frames that get a row each; of a file that claims more, the whole gets one.</summary>
    public const int MaximumFrames = 1024;

    private static readonly FilmFacts NoFacts = new();
    private readonly HeaderProbe _probe = new(pool, second);

    /// <summary>The rows, with a film index of 0: it is known when all before are written.</summary>
    /// <param name="entry">Of the walk.</param>
    /// <param name="rows">They are added here.</param>
    /// <returns>Size of the file; 0 when it could not be opened.</returns>
    public long Index(ArchiveEntry entry, List<InventoryFilm> rows)
    {
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

        IndexFile(entry.Path, file, rows);
        return file.Bytes;
    }

    /// <summary>Gives back the buffers.</summary>
    public void Dispose() => _probe.Dispose();

    private void IndexFile(byte[] path, OpenedFile file, List<InventoryFilm> rows)
    {
        var header = _probe.Read(file);
        if (header.Reason is not (Reason.None or Reason.MalformedDataSet))
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
            if (reason == Reason.None && frames > MaximumFrames) (reason, detail) = (Reason.TooLarge, "NumberOfFrames");
        }

        for (var frame = 1; frame <= (frames is > 0 and <= MaximumFrames ? frames : 1); frame++)
        {
            rows.Add(Row(path, uid, frame, Math.Max(1, frames), file.Bytes, facts) with
            {
                Reason = reason,
                Detail = detail,
                FileOffset = header.FileOffset,
            });
        }
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
