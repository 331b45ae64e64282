using System.Diagnostics;

namespace BulkImplantScan.Pipeline;

/// <summary>Live figures of one scan: films done, rate, queue depths, the stage that limits.</summary>
/// <remarks>Kept out of the rows on purpose: they would differ from run to run.</remarks>
public sealed class ScanMeter
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _recorded;
    private long _published;

    /// <summary>A meter for <paramref name="films"/> films, of which <paramref name="before"/> were done by earlier scans.</summary>
    public ScanMeter(long films, long before, IReadOnlyList<StageMeter> stages)
    {
        (Films, Before, Stages) = (films, before, stages);
    }

    /// <summary>Films of the run.</summary>
    public long Films { get; }

    /// <summary>Films that earlier scans of the run have recorded.</summary>
    public long Before { get; }

    /// <summary>The stages in the order in which a film flows.</summary>
    public IReadOnlyList<StageMeter> Stages { get; }

    /// <summary>Films that this scan has a row for, published or not yet.</summary>
    public long Recorded => Interlocked.Read(ref _recorded);

    /// <summary>Films whose part this scan has published.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Time since the scan began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Films a second since the scan began; 0 before the first.</summary>
    public double FilmsPerSecond => Recorded / Math.Max(Elapsed.TotalSeconds, 1e-3);

    /// <summary>Time left at the rate so far; null before the first film.</summary>
    public TimeSpan? TimeLeft => Recorded == 0
        ? null
        : TimeSpan.FromSeconds(Math.Max(0, Films - Before - Recorded) / FilmsPerSecond);

    /// <summary>The stage whose workers were busy for the largest share of the time.</summary>
    public StageMeter Limiting => Stages.MaxBy(stage => stage.Busy / stage.Workers)!;

    internal void Book(int films) => Interlocked.Add(ref _recorded, films);

    internal void BookPart(int films) => Interlocked.Add(ref _published, films);
}
