using System.Diagnostics;
using System.Threading.Channels;

namespace BulkImplantScan.Pipeline;

/// <summary>Collects films into batches, in order. A batch ends when its slot is full or its chunk ends.</summary>
/// <remarks>Batches never cross chunks: a resumed scan then makes the very same batches as an undisturbed one.</remarks>
internal static class Stage
{
    /// <summary>Reads films until they end; waits for a free slot: back-pressure.</summary>
    public static async Task RunAsync(
        ChannelReader<FilmInFlight> films, ChannelReader<BatchSlot> freeSlots, ChannelWriter<FilmBatch> batches, int capacity,
        StageMeter meter, CancellationToken fault)
    {
        var batch = new FilmBatch();
        await foreach (var whole in films.ReadAllAsync(fault))
        foreach (var film in whole.Regions())
        {
            if (film.Pixels is { } pixels)
            {
                batch.Slot ??= await freeSlots.ReadAsync(fault);
                var from = Stopwatch.GetTimestamp();
                if (!batch.Slot.TryStage(pixels, film.Transform!, film.View))
                {
                    await batches.WriteAsync(batch, fault);
                    batch = new() { Slot = await freeSlots.ReadAsync(fault) };
                    from = Stopwatch.GetTimestamp();
                    if (!batch.Slot.TryStage(pixels, film.Transform!, film.View)) throw new InvalidOperationException("an empty slot refused a film");
                }

                (film.Pixels, film.Transform) = (null, null); // the slot's now
                batch.Judged.Add(film);
                meter.Book(from, 1);
            }

            batch.Films.Add(film);

            // A long run of films that are turned away goes on too, or nothing would be seen of it.
            if (!film.EndsChunk && batch.Judged.Count < capacity && batch.Films.Count < 1024) continue;
            await batches.WriteAsync(batch, fault);
            batch = new();
        }

        if (batch.Films.Count > 0) await batches.WriteAsync(batch, fault);
    }
}
