using BulkImplantScan.Archive;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>Reads whole files of the archive into pooled native memory; what goes wrong is a reason.</summary>
internal sealed class FilmFiles(string archiveRoot, PixelBufferPool pool, long maxFilmBytes)
{
    /// <summary>Reads the file of a film, or says why not.</summary>
    public (FileBytes? Bytes, Reason Reason, string? Detail) Read(InventoryFilm film)
    {
        if (film.FileBytes > maxFilmBytes) return (null, Reason.TooLarge, null);
        using var file = ArchiveFiles.Open(archiveRoot, film.Path, out var reason, out var detail);
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
}
