using System.Collections.Concurrent;
using System.Diagnostics;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>Batches that go round through steps, each step a thread, as in the scan: one is preprocessed while the one before is in the network.</summary>
internal static class StepThreads
{
    /// <summary>Batches a second, once all steps are busy.</summary>
    /// <param name="slots">Batches in flight; steps get their numbers.</param>
    /// <param name="steps">In the order in which a batch meets them. The last returns when the batch is done.</param>
    /// <param name="seconds">To measure for; at least as many batches as are in flight.</param>
    public static double BatchesPerSecond(int slots, Action<int>[] steps, double seconds)
    {
        using var stop = new CancellationTokenSource();
        var queues = steps.Select(_ => new BlockingCollection<int>(slots)).ToArray();
        for (var slot = 0; slot < slots; slot++) queues[0].Add(slot);
        var (done, began, ended) = (0, 0L, 0L);
        var threads = steps.Select((step, number) => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    foreach (var slot in queues[number].GetConsumingEnumerable(stop.Token))
                    {
                        step(slot);
                        if (number == steps.Length - 1 && IsEnough()) stop.Cancel();
                        queues[(number + 1) % steps.Length].Add(slot, stop.Token);
                    }
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                }
                catch
                {
                    stop.Cancel(); // or the others would wait for this one for ever
                    throw;
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(threads);
        foreach (var queue in queues) queue.Dispose();
        return (done - slots) / Stopwatch.GetElapsedTime(began, ended).TotalSeconds;

        // In the thread of the last step only.
        bool IsEnough()
        {
            if (++done == slots) began = Stopwatch.GetTimestamp();
            if (done < 2 * slots || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds) return false;
            ended = Stopwatch.GetTimestamp();
            return true;
        }
    }
}
