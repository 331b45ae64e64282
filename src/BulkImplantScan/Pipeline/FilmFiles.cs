using BulkImplantScan.Archive;
using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>Reads whole files of the archives, and of the containers in them, into pooled native memory; what goes wrong is a
/// reason. For one reader, which asks in the order of the inventory.</summary>
internal sealed class FilmFiles(IReadOnlyList<string> roots, PixelBufferPool pool, long maxFilmBytes, CancellationToken stop) : IDisposable
{
    private readonly string[] _folders = [.. roots.Select(ArchiveRoots.FolderOf)];
    private ContainerCursor? _containers;

    /// <summary>Reads the file of a film, or says why not.</summary>
    public (FileBytes? Bytes, Reason Reason, string? Detail) Read(InventoryFilm film)
    {
        if (film.FileBytes > maxFilmBytes) return (null, Reason.TooLarge, null);
        if (film.Root < 0 || film.Root >= _folders.Length) return (null, Reason.UnreadableFile, "path_outside_archive");
        if (film.Member is not null) return ReadMember(film);
        using var file = ArchiveFiles.Open(_folders[film.Root], film.Path, out var reason, out var detail);
        if (file is null) return (null, reason, detail);

        // Another size means another film, or half of one: what the index said of it no longer holds.
        if (file.Bytes != film.FileBytes) return (null, Reason.ChangedSinceIndex, null);
        var buffer = pool.Rent(file.Bytes);
        if (!file.TryRead(buffer.Span(file.Bytes), 0, out var read)) reason = Reason.UnreadableFile;
        else if (read != file.Bytes) reason = Reason.ChangedSinceIndex;
        else return (new(buffer, read), Reason.None, null);
        buffer.Dispose();
        return (null, reason, null);
    }

    /// <summary>Closes the container that is open.</summary>
    public void Dispose() => _containers?.Dispose();

    private (FileBytes? Bytes, Reason Reason, string? Detail) ReadMember(InventoryFilm film)
    {
        _containers ??= new(_folders, pool, ArchiveLimits.Default, stop);
        var (bytes, reason, detail) = _containers.Read(film);
        return (bytes is null ? null : new(bytes, film.FileBytes), reason, detail);
    }
}
