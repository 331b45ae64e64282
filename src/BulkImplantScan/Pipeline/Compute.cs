using System.Diagnostics;
using System.Threading.Channels;

namespace BulkImplantScan.Pipeline;

/// <summary>The stages Preprocess and Infer: one step of the slot for each batch, batch after batch.</summary>
/// <remarks>One task each, so that the network works on one batch while the next is being preprocessed.</remarks>
internal static class Compute
{
    /// <summary>Runs <paramref name="step"/> on the slot of every batch that has one.</summary>
    public static async Task RunAsync(
        ChannelReader<FilmBatch> batches, ChannelWriter<FilmBatch> done, Action<BatchSlot> step,
        StageMeter meter, CancellationToken fault)
    {
        await foreach (var batch in batches.ReadAllAsync(fault))
        {
            try
            {
                if (batch.Slot is { } slot)
                {
                    var from = Stopwatch.GetTimestamp();
                    step(slot);
                    meter.Book(from, batch.Judged.Count);
                }
            }
            catch (Exception e)
            {
                throw new ScanFaultException(meter.Name, batch.FirstKey, e);
            }

            await done.WriteAsync(batch, fault);
        }
    }
}
