using System.Threading.Channels;

namespace BulkImplantScan.Pipeline;

/// <summary>Works on several films at a time and hands them on in the order in which they came.</summary>
/// <remarks>Order is what makes rows reproducible: batches then hold the same films in the same places whatever the number
/// of workers. What it costs is bounded: a slow film holds back at most <c>2 · workers</c> finished ones.</remarks>
internal static class OrderedWorkers
{
    /// <summary>Reads until <paramref name="films"/> ends; a throw of <paramref name="work"/> is rethrown.</summary>
    /// <param name="films">In.</param>
    /// <param name="done">Out, in the same order; full means wait: back-pressure. Left open.</param>
    /// <param name="workers">Films at a time, ≥ 1.</param>
    /// <param name="work">Called on pool threads, never for more than <paramref name="workers"/> films at once.</param>
    /// <param name="meter">Books the time of all workers.</param>
    /// <param name="fault">Another stage threw: leave at once.</param>
    public static async Task RunAsync<T>(
        ChannelReader<T> films, ChannelWriter<T> done, int workers, Func<T, T> work, StageMeter meter, CancellationToken fault)
        where T : IDisposable
    {
        using var free = new SemaphoreSlim(workers);
        var running = Channel.CreateBounded<Task<T>>(2 * workers);
        var feed = FeedAsync();
        try
        {
            await foreach (var film in running.Reader.ReadAllAsync(fault)) await done.WriteAsync(await film, fault);
        }
        finally
        {
            // Nothing is left here unless something threw: then films in work are waited for and given back.
            running.Writer.TryComplete();
            while (running.Reader.TryRead(out var film))
                try { (await film).Dispose(); } catch (Exception) when (feed is not null) { /* the first fault is the one reported */ }
            await feed;
        }

        async Task FeedAsync()
        {
            try
            {
                await foreach (var film in films.ReadAllAsync(fault))
                {
                    await free.WaitAsync(fault);
                    await running.Writer.WriteAsync(WorkAsync(film), fault);
                }

                running.Writer.TryComplete();
            }
            catch (Exception e)
            {
                running.Writer.TryComplete(e);
            }
        }

        Task<T> WorkAsync(T film) => Task.Run(() =>
        {
            try { return meter.Time(1, () => work(film)); }
            finally { free.Release(); }
        });
    }
}
