using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>One entry of a walk in; its rows of the inventory out, never none.</summary>
/// <remarks>Not for several threads: each worker has its own.</remarks>
internal sealed class FileIndexer : IDisposable
{
    /// <summary>Frames of a file that get a row each; of a file with more, so many at even distances
    /// (<see cref="FrameSample"/>).</summary>
    public const int MaximumFrames = 1024;

    private static readonly FilmFacts NoFacts = new();
    private readonly IReadOnlyList<string> _folders;
    private readonly Pseudonyms _pseudonyms;
    private readonly Triage _triage;
    private readonly PictureIndexer _pictures;
    private readonly List<IndexedPage> _pages = [];
    private readonly ContainerIndexer _containers;

    /// <summary>Indexes files of some archives.</summary>
    /// <param name="folders">The folder of each archive.</param>
    /// <param name="pseudonyms">Of the site.</param>
    /// <param name="triage">Which films are judged.</param>
    /// <param name="pictures">What is done with exported pictures.</param>
    /// <param name="pool">Memory for odd headers.</param>
    /// <param name="limits">What a container may cost.</param>
    /// <param name="second">For what our reader rejects, or before it; null for ours alone.</param>
    /// <param name="stop">Ends any read.</param>
    public FileIndexer(
        IReadOnlyList<string> folders, Pseudonyms pseudonyms, Triage triage, PictureIndexer pictures, PixelBufferPool pool,
        ArchiveLimits limits, SecondReader? second, CancellationToken stop)
    {
        (_folders, _pseudonyms, _triage, _pictures, Probe) = (folders, pseudonyms, triage, pictures, new(pool, second));
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
        var line = _pictures.LineOf(entry.Path);
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
        if (header.Container != ContainerFormat.None)
        {
            foreach (var row in _containers.Index(place, header.Container, file)) yield return row;
            yield break;
        }

        var rows = new List<InventoryFilm>(1);
        if (!TryAddPicture(place, file, line, rows)) AddRows(place, header, file.Bytes, rows);
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
        if (header.Reason is Reason.EmptyFile or Reason.UnreadableFile or Reason.NotDicom)
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
            reason = _triage.Judge(bytes, dataset, out detail);
            if (reason == Reason.None && frames == 0) (reason, detail) = (Reason.MissingAttribute, "NumberOfFrames");
            if (reason == Reason.None && frames > FrameDecoder.MaxFrames) (reason, detail) = (Reason.TooLarge, "NumberOfFrames");
        }

        // More than the decoder's limit is no film but a number: one row says so.
        var count = frames is > 0 and <= FrameDecoder.MaxFrames ? Math.Min(frames, MaximumFrames) : 1;
        for (var sample = 0; sample < count; sample++)
        {
            var frame = FrameSample.Frame(sample, count, Math.Max(count, frames));
            rows.Add(Row(place, uid, frame, Math.Max(1, frames), fileBytes, facts) with
            {
                Reason = reason,
                Detail = detail,
                FileOffset = header.FileOffset,
            });
        }
    }

    /// <summary>A picture that is a film has a row a page. Those in containers are not looked at: a TIFF's headers may lie anywhere
    /// in it, and what is unpacked is read once, forward.</summary>
    private bool TryAddPicture(FilmPlace place, OpenedFile file, SidecarLine? line, List<InventoryFilm> rows)
    {
        _pages.Clear();
        if (PictureMagic.Of(Probe.Bytes) is not { } format) return false;
        if (!_pictures.TryIndex(new(Probe.Bytes, file), format, line, _pages)) return false;
        for (var page = 0; page < _pages.Count; page++)
        {
            var (facts, reason, detail, offset) = _pages[page];
            rows.Add(Row(place, null, page + 1, _pages.Count, file.Bytes, facts) with { Reason = reason, Detail = detail, FileOffset = offset });
        }

        return true;
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
