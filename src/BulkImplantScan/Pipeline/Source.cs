using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>First stage: the films of the chunks that have no part yet, each with the bytes of its file.</summary>
internal static class Source
{
    /// <summary>Feeds films in the order of the inventory until all are fed or <paramref name="stop"/> is asked for.</summary>
    /// <remarks>One reader: an archive on disks is read fastest front to back, and the files come in the order in which the
    /// walker met them. Frames of one file share one read. With several devices there is one such stage for each, and each chunk goes to the one
    /// that asks for it first.</remarks>
    public static async Task RunAsync(
        InventoryReader inventory, ConcurrentQueue<Chunk> chunks, FilmFiles files,
        ChannelWriter<FilmInFlight> films, StageMeter meter, CancellationToken stop, CancellationToken fault)
    {
        using var last = new LastFile();
        while (chunks.TryDequeue(out var chunk))
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
            var (bytes, reason, detail) = last.Of(flying.Film) ?? last.Keep(flying.Film, files.Read(flying.Film));
            if (bytes is null) flying.TurnAway(reason, detail);
            else flying.File = bytes;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ScanFaultException("source", flying.Film.FilmKey, e);
        }
    }

    /// <summary>Holds the file read last, or why it could not be, while more of its frames may follow.</summary>
    private sealed class LastFile : IDisposable
    {
        private InventoryFilm? _film;
        private (FileBytes? Bytes, Reason Reason, string? Detail) _read;

        public (FileBytes? Bytes, Reason Reason, string? Detail)? Of(InventoryFilm film) =>
            _film is not null && film.IsFrameOfSameFile(_film) ? (_read.Bytes?.Claim(), _read.Reason, _read.Detail) : null;

        public (FileBytes? Bytes, Reason Reason, string? Detail) Keep(InventoryFilm film, (FileBytes? Bytes, Reason Reason, string? Detail) read)
        {
            Dispose();
            if (film.Frames > 1) (_film, _read) = (film, (read.Bytes?.Claim(), read.Reason, read.Detail));
            return read;
        }

        public void Dispose()
        {
            _read.Bytes?.Dispose();
            (_film, _read) = (null, default);
        }
    }
}
