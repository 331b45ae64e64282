using System.Diagnostics;
using System.Globalization;

namespace BulkImplantScan.Benchmarks.Pipeline;

/// <summary><c>front-end FOLDER [--workers N] [--seconds S] [--exact-decode]</c>: a line of CSV, as the Python peer's front_end.py prints it.</summary>
/// <remarks>Films a second of all workers together; milliseconds a film of one worker. cpu_ms is the
/// processor time of a film: on a machine that is shared it says more than the clock.</remarks>
internal static class FrontEndCommand
{
    private const double WarmUpSeconds = 10;

    private const string Usage = "front-end FOLDER [--workers N] [--seconds S] [--exact-decode]";

    public static int Run(string[] arguments)
    {
        var (folder, workers, seconds, isExact) = ("", 1, 10.0, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--workers" && i + 1 < arguments.Length) workers = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
            else if (arguments[i] == "--seconds" && i + 1 < arguments.Length) seconds = double.Parse(arguments[++i], CultureInfo.InvariantCulture);
            else if (arguments[i] == "--exact-decode") isExact = true;
            else if (folder.Length == 0 && !arguments[i].StartsWith('-')) folder = arguments[i];
            else folder = "";
        }

        if (folder.Length == 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        using var frontEnd = new FrontEnd(folder, isExact);

        // Pools, first touch, and the compiler's second tier: with one core it waits ten times as long for code to be hot
        // (DOTNET_TC_DelaySingleProcMultiplier), which in a scan is its first seconds, and here would be all.
        Measure(frontEnd, workers, WarmUpSeconds);
        var cpu = Environment.CpuUsage.TotalTime;
        var (films, elapsed, ticks, least, allocated) = Measure(frontEnd, workers, seconds);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        double Least(int stage) => least[stage] * 1000.0 / Stopwatch.Frequency;
        double Milliseconds(int stage) => ticks[stage] * 1000.0 / Stopwatch.Frequency / films;
        Console.WriteLine("folder,workers,films,films_per_s,read_ms,decode_ms,preprocess_ms,total_ms,cpu_ms,least_read_ms,least_decode_ms,least_preprocess_ms,least_total_ms,allocated_bytes_a_film");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(folder.TrimEnd('/'))},{workers},{films},{films / elapsed:0.00},{Milliseconds(0):0.000},{Milliseconds(1):0.000},"
            + $"{Milliseconds(2):0.000},{Milliseconds(0) + Milliseconds(1) + Milliseconds(2):0.000},{cpu.TotalMilliseconds / films:0.000},{Least(0):0.000},{Least(1):0.000},{Least(2):0.000},{Least(3):0.000},{allocated / films}"));
        return 0;
    }

    private static (long Films, double Seconds, long[] Ticks, long[] Least, long Allocated) Measure(FrontEnd frontEnd, int workers, double seconds)
    {
        long films = 0;
        var ticks = new long[3];
        long[] least = [long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue];
        var next = -1;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        var threads = new Thread[workers];
        for (var i = 0; i < workers; i++)
        {
            threads[i] = new(() =>
            {
                var worker = new FrontEnd.Worker();
                var count = 0;
                for (; count == 0 || clock.Elapsed.TotalSeconds < seconds; count++) frontEnd.Run(Interlocked.Increment(ref next), worker);
                Interlocked.Add(ref films, count);
                for (var stage = 0; stage < ticks.Length; stage++) Interlocked.Add(ref ticks[stage], worker.Ticks[stage]);
                lock (least)
                    for (var stage = 0; stage < least.Length; stage++) least[stage] = Math.Min(least[stage], worker.Least[stage]);
            });
            threads[i].Start();
        }

        foreach (var thread in threads) thread.Join();
        return (films, clock.Elapsed.TotalSeconds, ticks, least, GC.GetTotalAllocatedBytes(precise: true) - before);
    }
}
