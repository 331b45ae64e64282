using System.Diagnostics;

namespace BulkImplantScan.Pipeline;

/// <summary>What one stage has done so far: read by the progress display, never by the rows.</summary>
/// <param name="name">Name of the stage, as in <see cref="ScanPipeline"/>.</param>
/// <param name="workers">Films or batches that it works on at a time.</param>
public sealed class StageMeter(string name, int workers)
{
    private readonly List<Func<int>> _queues = [];
    private long _busyTicks;
    private long _items;

    /// <summary>Name of the stage.</summary>
    public string Name { get; } = name;

    /// <summary>Films or batches that it works on at a time.</summary>
    public int Workers { get; } = workers;

    /// <summary>Time that its workers spent working, summed over them.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _busyTicks));

    /// <summary>Films that have left it.</summary>
    public long Films => Interlocked.Read(ref _items);

    /// <summary>Films or batches that wait before it.</summary>
    public int Queued => _queues.Sum(queue => queue());

    /// <summary>Names a channel that it reads: one for each device. Before anyone asks.</summary>
    internal void Watch<T>(System.Threading.Channels.ChannelReader<T> queue) => _queues.Add(() => queue.Count);

    /// <summary>Runs a piece of work and books its time and <paramref name="films"/>.</summary>
    internal T Time<T>(int films, Func<T> work)
    {
        var from = Stopwatch.GetTimestamp();
        var result = work();
        Book(from, films);
        return result;
    }

    /// <summary>Books the time since <paramref name="from"/> (a <see cref="Stopwatch"/> timestamp) and the films that left.</summary>
    internal void Book(long from, int films)
    {
        Interlocked.Add(ref _busyTicks, Stopwatch.GetTimestamp() - from);
        Interlocked.Add(ref _items, films);
    }
}
