using System.Diagnostics;
using System.Threading.Channels;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>Last stage: rows gather until their chunk is whole, then the chunk's part is published.</summary>
internal static class Record
{
    /// <summary>Reads batches until they end. Rows of a chunk that stays incomplete (Ctrl-C) are dropped: a part is whole or absent.</summary>
    public static async Task RunAsync(
        ChannelReader<FilmBatch> batches, RunFolder run, ScanMeter scan, StageMeter meter, CancellationToken fault)
    {
        var rows = new Dictionary<Chunk, List<FilmRow>>();
        var films = new Dictionary<Chunk, int>();
        await foreach (var batch in batches.ReadAllAsync(fault))
        {
            var from = Stopwatch.GetTimestamp();
            foreach (var film in batch.Films)
            {
                if (!rows.TryGetValue(film.Chunk, out var chunkRows)) rows[film.Chunk] = chunkRows = [];
                chunkRows.Add(film.Row);
                if (!film.EndsFilm || (films[film.Chunk] = films.GetValueOrDefault(film.Chunk) + 1) < film.Chunk.FilmCount) continue;
                PartFile.Write(run.PartPath(film.Chunk.Number), chunkRows);
                rows.Remove(film.Chunk);
                films.Remove(film.Chunk);
                scan.BookPart(film.Chunk.FilmCount);
            }

            var ended = batch.Films.Count(film => film.EndsFilm);
            meter.Book(from, ended);
            scan.Book(ended);
        }
    }
}
