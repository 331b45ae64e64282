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
    /// <param name="free">A place for each worker; shared, where several such stages share the cores.</param>
    /// <param name="work">Gives a film back itself if it throws. Called on pool threads, never for more than <paramref name="workers"/> films at once.</param>
    /// <param name="meter">Books the time of all workers.</param>
    /// <param name="fault">Another stage threw: leave at once.</param>
    public static async Task RunAsync<T>(
        ChannelReader<T> films, ChannelWriter<T> done, int workers, SemaphoreSlim free, Func<T, T> work, StageMeter meter, CancellationToken fault)
        where T : IDisposable
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(fault);
        var running = Channel.CreateBounded<Task<T>>(2 * workers);
        var feed = FeedAsync();
        try
        {
            await foreach (var started in running.Reader.ReadAllAsync(fault)) await HandOnAsync(await started);
        }
        finally
        {
            // After a throw, films are still in work: they are waited for and given back.
            await leave.CancelAsync();
            await feed;
            while (running.Reader.TryRead(out var left)) await GiveBackAsync(left);
        }

        async Task HandOnAsync(T film)
        {
            try
            {
                await done.WriteAsync(film, fault);
            }
            catch
            {
                film.Dispose();
                throw;
            }
        }

        async Task FeedAsync()
        {
            try
            {
                await foreach (var film in films.ReadAllAsync(leave.Token))
                {
                    var started = StartAsync(film);
                    if (running.Writer.TryWrite(started)) continue;
                    try
                    {
                        await running.Writer.WriteAsync(started, leave.Token);
                    }
                    catch
                    {
                        await GiveBackAsync(started);
                        throw;
                    }
                }

                running.Writer.TryComplete();
            }
            catch (Exception e)
            {
                running.Writer.TryComplete(e);
            }
        }

        async Task<T> StartAsync(T film)
        {
            try
            {
                await free.WaitAsync(leave.Token);
            }
            catch
            {
                film.Dispose();
                throw;
            }

            try
            {
                return await Task.Run(() => meter.Time(1, () => work(film)), CancellationToken.None);
            }
            finally
            {
                free.Release();
            }
        }

        static async Task GiveBackAsync(Task<T> started)
        {
            try
            {
                (await started).Dispose();
            }
            catch (Exception)
            {
                // The first throw is the one that is reported; this film was given back by whoever threw.
            }
        }
    }
}
