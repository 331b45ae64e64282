using System.Diagnostics;
using System.Threading.Channels;
using BulkImplantScan.Archive;

namespace BulkImplantScan.Pipeline;

/// <summary>First stage: the films of the chunks that have no part yet, each with the bytes of its file.</summary>
internal static class Source
{
    /// <summary>Feeds films in the order of the inventory until all are fed or <paramref name="stop"/> is asked for.</summary>
    /// <remarks>One reader: an archive on disks is read fastest front to back, and the files come in the order in which the
    /// walker met them. Frames of one file share one read.</remarks>
    public static async Task RunAsync(
        InventoryReader inventory, IReadOnlyList<Chunk> chunks, FilmFiles files,
        ChannelWriter<FilmInFlight> films, StageMeter meter, CancellationToken stop, CancellationToken fault)
    {
        using var last = new LastFile();
        foreach (var chunk in chunks)
        {
            foreach (var film in inventory.ReadChunk(chunk.Number))
            {
                if (stop.IsCancellationRequested) return;
                var flying = new FilmInFlight(chunk, film);
                var from = Stopwatch.GetTimestamp();
                try
                {
                    if (flying.IsWanted) Read(flying, files, last);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return; // on the way through a container to the film
                }

                meter.Book(from, 1);
                await films.WriteAsync(flying, fault);
            }
        }
    }

    private static void Read(FilmInFlight flying, FilmFiles files, LastFile last)
    {
        try
        {
            if (last.Of(flying.Film) is { } shared)
            {
                flying.File = shared;
                return;
            }

            var (bytes, reason, detail) = files.Read(flying.Film);
            if (bytes is null) flying.TurnAway(reason, detail);
            else flying.File = last.Keep(flying.Film, bytes);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ScanFaultException("source", flying.Film.FilmKey, e);
        }
    }

    /// <summary>Holds the file read last while more of its frames may follow.</summary>
    private sealed class LastFile : IDisposable
    {
        private InventoryFilm? _film;
        private FileBytes? _bytes;

        public FileBytes? Of(InventoryFilm film) =>
            _bytes is not null && film.IsFrameOfSameFile(_film!) ? _bytes.Claim() : null;

        public FileBytes Keep(InventoryFilm film, FileBytes bytes)
        {
            Dispose();
            if (film.Frames > 1) (_film, _bytes) = (film, bytes.Claim());
            return bytes;
        }

        public void Dispose()
        {
            _bytes?.Dispose();
            _bytes = null;
        }
    }
}
