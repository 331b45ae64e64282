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
        await foreach (var batch in batches.ReadAllAsync(fault))
        {
            var from = Stopwatch.GetTimestamp();
            foreach (var film in batch.Films)
            {
                if (!rows.TryGetValue(film.Chunk, out var chunkRows)) rows[film.Chunk] = chunkRows = [];
                chunkRows.Add(film.Row);
                if (chunkRows.Count < film.Chunk.FilmCount) continue;
                PartFile.Write(run.PartPath(film.Chunk.Number), chunkRows);
                rows.Remove(film.Chunk);
                scan.BookPart(film.Chunk.FilmCount);
            }

            meter.Book(from, batch.Films.Count);
            scan.Book(batch.Films.Count);
        }
    }
}
