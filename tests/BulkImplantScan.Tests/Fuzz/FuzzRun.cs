using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>Many cases on all cores: makes each from the seed and its number, tries it, measures it, keeps what failed.</summary>
/// <remarks>A case depends on nothing but the seed of the run, its number and the seeds: a run on one core finds what a run on
/// sixteen does. Before a case its recipe is no more than its number, which lies in a file that survives a crash.</remarks>
internal sealed class FuzzRun(FuzzSeeds seeds, ulong seed, string foundFolder)
{
    private const int MaxFailures = 20;
    private static readonly TimeSpan MaxCase = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LostCase = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, long> _outcomes = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Lock _worst = new();
    private (double Seconds, string Name) _slowest = (0, "none");
    private (long Bytes, string Name) _greediest = (0, "none");
    private long _done;

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Cases that were tried.</summary>
    public long Done => Interlocked.Read(ref _done);

    public IReadOnlyDictionary<string, long> Outcomes => _outcomes;

    /// <summary>Counts, times and the worst cases in a few lines.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Tries cases 0 to <paramref name="count"/> − 1, or as many as <paramref name="time"/> allows.</summary>
    public void Execute(Func<IFuzzTarget> target, string what, long count, TimeSpan time, int workers)
    {
        Directory.CreateDirectory(foundFolder);
        var clock = Stopwatch.StartNew();
        var current = new (long Number, long Since)[workers];
        var journal = Path.Combine(foundFolder, $"{what}-running.txt");
        using var over = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            while (!over.Wait(TimeSpan.FromMilliseconds(500)))
            {
                for (var i = 0; i < workers; i++)
                {
                    var (number, since) = current[i];
                    if (since == 0 || Stopwatch.GetElapsedTime(since) < LostCase) continue;

                    // It will not come back; nothing but the end of the process stops it.
                    File.WriteAllText(Path.Combine(foundFolder, $"{what}-hang.txt"), $"seed {seed}, case {number}, {LostCase}\n");
                    Environment.FailFast($"fuzz: {what} case {number} of seed {seed} hangs");
                }
            }
        }) { IsBackground = true };
        watch.Start();

        long next = -1;
        Parallel.For(0, workers, new() { MaxDegreeOfParallelism = workers }, worker =>
        {
            // Numbers go to disk by the page cache: what is written when the process dies is there.
            using var running = new FileStream($"{journal}.{worker}", FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            using var fuzz = target();
            var mutator = new Mutator(seeds);
            var edits = new List<Edit>();
            var input = new byte[1 << 20];
            var line = new byte[40];
            while (_failures.Count < MaxFailures && clock.Elapsed < time)
            {
                var number = Interlocked.Increment(ref next);
                if (number >= count) break;
                number.TryFormat(line.AsSpan(), out var digits, default, CultureInfo.InvariantCulture);
                RandomAccess.Write(running.SafeFileHandle, line.AsSpan(0, digits), 0);
                var draw = FuzzDraw.Of(seed, number);
                var from = fuzz.IsFilm ? seeds.Film(ref draw) : seeds.Header(ref draw);
                mutator.Mutate(from, fuzz.IsFilm, ref draw, edits);
                current[worker] = (number, Stopwatch.GetTimestamp());
                var fault = TryOnce(fuzz, from, edits, ref input, out var seconds);
                current[worker] = default;
                Note(fuzz, from, number, seconds);
                if (fault is not null) Fail(fuzz, from, edits, number, fault, ref input);
                Interlocked.Increment(ref _done);
            }
        });
        over.Set();
        watch.Join();
        foreach (var file in Directory.EnumerateFiles(foundFolder, $"{what}-running.txt.*")) File.Delete(file);
        Summary = string.Create(CultureInfo.InvariantCulture,
            $"{what}: {Done} cases, {_failures.Count} failures, seed {seed}, {clock.Elapsed.TotalSeconds:0} s, {Done / clock.Elapsed.TotalSeconds:0} a second; "
            + $"worst time {_slowest.Seconds * 1000:0} ms ({_slowest.Name}); worst memory {_greediest.Bytes / 1048576.0:0.0} MiB ({_greediest.Name})\n")
            + string.Concat(_outcomes.OrderByDescending(o => o.Value).Take(40).Select(o => $"  {o.Value,9} {o.Key}\n"));
    }

    /// <summary>One input: exceptions and time are failures like any other.</summary>
    public static FuzzFault? TryOnce(IFuzzTarget fuzz, FuzzSeed from, List<Edit> edits, ref byte[] input, out double seconds)
    {
        var largest = from.LargestInput(edits);
        if (input.Length < largest) input = new byte[largest];
        var length = from.Build(edits, input);
        FuzzFault? fault;
        try
        {
            fault = fuzz.Try(from, edits, input.AsSpan(0, length));
        }
        catch (Exception e)
        {
            fault = new(e.ToString());
        }

        seconds = fuzz.Elapsed.TotalSeconds;
        return fault ?? (seconds > MaxCase.TotalSeconds ? new($"{seconds:0.0} s", IsMeasured: true) : null);
    }

    private void Note(IFuzzTarget fuzz, FuzzSeed from, long number, double seconds)
    {
        _outcomes.AddOrUpdate(fuzz.Outcome, 1, static (_, count) => count + 1);
        if (seconds <= _slowest.Seconds && fuzz.AllocatedBytes <= _greediest.Bytes) return;
        lock (_worst)
        {
            if (seconds > _slowest.Seconds) _slowest = (seconds, $"case {number}, {from.Name}");
            if (fuzz.AllocatedBytes > _greediest.Bytes) _greediest = (fuzz.AllocatedBytes, $"case {number}, {from.Name}");
        }
    }

    private void Fail(IFuzzTarget fuzz, FuzzSeed from, List<Edit> edits, long number, FuzzFault fault, ref byte[] input)
    {
        // A busy machine is slow by itself: what is only slow, or took too much, must be so twice.
        var again = TryOnce(fuzz, from, edits, ref input, out _);
        if (again is null && fault.IsMeasured) return;
        var least = again is null ? edits : Minimise(fuzz, from, edits, ref input);
        var recipe = FuzzRecipe.Write(from, fuzz.IsFilm, least, $"seed {seed}, case {number}: {again ?? fault}{(again is null ? " (seen once)" : "")}");
        File.WriteAllText(Path.Combine(foundFolder, $"{(fuzz.IsFilm ? "film" : "header")}-{seed}-{number}.txt"), recipe);
        _failures.Enqueue(recipe);
    }

    /// <summary>Leaves out edits, and bytes of edits, as long as it still fails.</summary>
    private static List<Edit> Minimise(IFuzzTarget fuzz, FuzzSeed from, List<Edit> edits, ref byte[] input)
    {
        var least = edits.ToList();
        for (var i = least.Count - 1; i >= 0 && least.Count > 1; i--)
        {
            var fewer = least.ToList();
            fewer.RemoveAt(i);
            if (TryOnce(fuzz, from, fewer, ref input, out _) is not null) least = fewer;
        }

        for (var i = 0; i < least.Count; i++)
        {
            while (least[i].Inserted.Length > 1 && least[i].Removed == 0)
            {
                var shorter = least.ToList();
                shorter[i] = least[i] with { Inserted = least[i].Inserted[..(least[i].Inserted.Length / 2)] };
                if (TryOnce(fuzz, from, shorter, ref input, out _) is null) break;
                least = shorter;
            }
        }

        return least;
    }
}
