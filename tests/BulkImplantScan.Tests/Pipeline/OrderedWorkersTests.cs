using System.Threading.Channels;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class OrderedWorkersTests
{
    [Fact]
    public async Task Films_leave_in_the_order_in_which_they_came_although_the_first_is_finished_last()
    {
        using var othersDone = new CountdownEvent(3);
        var order = await RunAsync(4, 4, film =>
        {
            if (film.Number == 0) othersDone.Wait();
            else othersDone.Signal();
            return film;
        });
        Assert.Equal([0, 1, 2, 3], order);
    }

    [Fact]
    public async Task No_more_films_are_worked_on_at_a_time_than_there_are_workers()
    {
        var (now, most) = (0, 0);
        var order = await RunAsync(500, 3, film =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            Thread.Yield();
            Interlocked.Decrement(ref now);
            return film;
        });
        Assert.Equal(Enumerable.Range(0, 500), order);
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task A_throw_is_rethrown_and_every_film_that_was_taken_is_given_back()
    {
        var films = Enumerable.Range(0, 20).Select(number => new Film(number)).ToArray();
        var input = Channel.CreateUnbounded<Film>();
        foreach (var film in films) input.Writer.TryWrite(film);
        input.Writer.Complete();
        var output = Channel.CreateUnbounded<Film>();
        using var fault = new CancellationTokenSource();

        using var free = new SemaphoreSlim(2);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => OrderedWorkers.RunAsync(
            input, output.Writer, 2, free,
            film => film.Number == 5 ? throw new InvalidOperationException("film 5") : film,
            new StageMeter("test", 2), fault.Token));
        Assert.Equal("film 5", thrown.Message);

        var left = new HashSet<int>();
        while (output.Reader.TryRead(out var film)) left.Add(film.Number);
        while (input.Reader.TryRead(out var film)) left.Add(film.Number);
        Assert.All(films.Where(film => film.Number != 5 && !left.Contains(film.Number)), film => Assert.True(film.IsDisposed, $"film {film.Number}"));
    }

    private static async Task<List<int>> RunAsync(int films, int workers, Func<Film, Film> work)
    {
        var input = Channel.CreateUnbounded<Film>();
        for (var i = 0; i < films; i++) input.Writer.TryWrite(new(i));
        input.Writer.Complete();
        var output = Channel.CreateUnbounded<Film>();
        using var free = new SemaphoreSlim(workers);
        await OrderedWorkers.RunAsync(input, output.Writer, workers, free, work, new StageMeter("test", workers), CancellationToken.None);
        output.Writer.Complete();
        var order = new List<int>();
        await foreach (var film in output.Reader.ReadAllAsync()) order.Add(film.Number);
        return order;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
    }

    private sealed class Film(int number) : IDisposable
    {
        public int Number { get; } = number;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
