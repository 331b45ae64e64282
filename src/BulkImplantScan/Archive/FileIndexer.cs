using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>One entry of a walk in; its rows of the inventory out, never none.</summary>
/// <remarks>Not for several threads: each worker has its own.</remarks>
internal sealed class FileIndexer : IDisposable
{
    /// <summary>Frames that get a row each; of a file that claims more, the whole gets one.</summary>
    public const int MaximumFrames = 1024;

    private static readonly FilmFacts NoFacts = new();
    private readonly IReadOnlyList<string> _folders;
    private readonly Pseudonyms _pseudonyms;
    private readonly ContainerIndexer _containers;

    /// <summary>Indexes files of some archives.</summary>
    /// <param name="folders">The folder of each archive.</param>
    /// <param name="pseudonyms">Of the site.</param>
    /// <param name="pool">Memory for odd headers.</param>
    /// <param name="limits">What a container may cost.</param>
    /// <param name="stop">Ends any read.</param>
    public FileIndexer(IReadOnlyList<string> folders, Pseudonyms pseudonyms, PixelBufferPool pool, ArchiveLimits limits, CancellationToken stop)
    {
        (_folders, _pseudonyms, Probe) = (folders, pseudonyms, new(pool));
        _containers = new(this, pool, limits, stop);
    }

    /// <summary>Reads headers; holds the last one.</summary>
    public HeaderProbe Probe { get; }

    /// <summary>Size of the file of the last entry; 0 when it could not be opened.</summary>
    public long EntryBytes { get; private set; }

    /// <summary>The rows, as they are found, with a film index of 0: it is known when all before are written.</summary>
    /// <param name="entry">Of the walk.</param>
    public IEnumerable<InventoryFilm> Index(ArchiveEntry entry)
    {
        var place = new FilmPlace(entry.Root, entry.Path);
        EntryBytes = 0;
        if (entry.Kind != ArchiveEntryKind.File)
        {
            yield return Row(place, 0, entry.Kind switch
            {
                ArchiveEntryKind.SpecialFile => Reason.NotDicom,
                ArchiveEntryKind.UnreadableFile => Reason.UnreadableFile,
                _ => Reason.UnreadableFolder,
            }, entry.Detail);
            yield break;
        }

        using var file = ArchiveFiles.Open(_folders[entry.Root], entry.Path, out var reason, out var detail);
        if (file is null)
        {
            yield return Row(place, 0, reason, detail);
            yield break;
        }

        EntryBytes = file.Bytes;
        var header = Probe.Read(file);
        var format = header.Reason == Reason.NotDicom ? ContainerMagic.Of(Probe.Bytes) : ContainerFormat.None;
        if (format != ContainerFormat.None)
        {
            foreach (var row in _containers.Index(place, format, file)) yield return row;
            yield break;
        }

        var rows = new List<InventoryFilm>(1);
        AddRows(place, header, file.Bytes, rows);
        foreach (var row in rows) yield return row;
        if (!IsDicomdir(header)) yield break;
        var references = DicomdirReader.Read(Probe.Bytes, Probe.Dataset);
        var folder = entry.Path[..Math.Max(0, entry.Path.AsSpan().LastIndexOf((byte)'/'))];
        foreach (var reference in DicomdirFolder.Missing(FolderAccess.For(_folders[entry.Root]), folder, references))
            yield return MissingRow(place, reference);
    }

    /// <summary>Gives back the buffers.</summary>
    public void Dispose() => Probe.Dispose();

    /// <summary>True when <see cref="Probe"/> holds a DICOMDIR, whole.</summary>
    internal bool IsDicomdir(ProbedHeader header) => header.Reason == Reason.None && Probe.Dataset.IsDicomdir;

    /// <summary>The row of what has no header.</summary>
    internal InventoryFilm Row(FilmPlace place, long bytes, Reason reason, string? detail) =>
        Row(place, null, 1, 1, Math.Max(0, bytes), NoFacts) with { Reason = reason, Detail = detail };

    /// <summary>The row of a file that the DICOMDIR at <paramref name="dicomdir"/> lists and that is not there.</summary>
    internal InventoryFilm MissingRow(FilmPlace dicomdir, DicomdirReference reference) =>
        Row(dicomdir.Listed(reference.Path), 0, Reason.MissingFile, reference.IsInside ? null : "path_outside_archive");

    /// <summary>The rows of the file whose header <see cref="Probe"/> holds.</summary>
    internal void AddRows(FilmPlace place, ProbedHeader header, long fileBytes, List<InventoryFilm> rows)
    {
        if (header.Reason is not (Reason.None or Reason.MalformedDataSet))
        {
            rows.Add(Row(place, fileBytes, header.Reason, header.Detail));
            return;
        }

        var bytes = Probe.Bytes;
        var dataset = Probe.Dataset;
        var facts = FilmFactsReader.Read(bytes, dataset, _pseudonyms);
        var uid = dataset.GetString(bytes, DicomTags.SopInstanceUid);
        var (reason, detail) = (header.Reason, header.Detail);
        var frames = 1;
        if (reason == Reason.None && dataset.IsDicomdir) reason = Reason.Dicomdir;
        else if (reason == Reason.None && dataset.PixelData is null) (reason, detail) = (Reason.NoPixelData, facts.Modality);
        else if (reason == Reason.None)
        {
            var pixels = dataset.DescribePixels(bytes);
            frames = pixels.NumberOfFrames;
            reason = Triage.Judge(facts, dataset.GetString(bytes, DicomTags.PresentationIntentType), pixels.SamplesPerPixel, out detail);
            if (reason == Reason.None && frames == 0) (reason, detail) = (Reason.MissingAttribute, "NumberOfFrames");
            if (reason == Reason.None && frames > MaximumFrames) (reason, detail) = (Reason.TooLarge, "NumberOfFrames");
        }

        for (var frame = 1; frame <= (frames is > 0 and <= MaximumFrames ? frames : 1); frame++)
        {
            rows.Add(Row(place, uid, frame, Math.Max(1, frames), fileBytes, facts) with
            {
                Reason = reason,
                Detail = detail,
                FileOffset = header.FileOffset,
            });
        }
    }

    private InventoryFilm Row(FilmPlace place, string? uid, int frame, int frames, long bytes, FilmFacts facts) => new()
    {
        FilmIndex = 0,
        FilmKey = _pseudonyms.Film(uid, frame, place.Key),
        Root = place.Root,
        Path = place.Path,
        Member = place.Member,
        Nested = place.Nested,
        Frame = frame,
        Frames = frames,
        FileBytes = bytes,
        Facts = uid is null ? facts : facts with { Instance = _pseudonyms.Instance(uid, frame) },
    };
}
