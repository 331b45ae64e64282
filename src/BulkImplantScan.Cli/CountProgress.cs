using System.Diagnostics;
using System.Globalization;

namespace BulkImplantScan.Cli;

/// <summary>Shows a count that grows: in place for someone who watches, a line now and then in a log.</summary>
/// <remarks>Called from working threads; draws at most four times a second.</remarks>
internal sealed class CountProgress(string verb, string unit, long? total) : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _turn = new();
    private long _shown = Stopwatch.GetTimestamp();
    private long _count;
    private bool _ended;

    /// <summary>The count so far.</summary>
    public void Show(long count)
    {
        lock (_turn)
        {
            _count = Math.Max(_count, count);
            if (Stopwatch.GetElapsedTime(_shown) < (Screen.IsWatched ? TimeSpan.FromSeconds(0.25) : TimeSpan.FromSeconds(15))) return;
            _shown = Stopwatch.GetTimestamp();
            if (Screen.IsWatched) Console.Error.Write($"\r{Line()}   ");
            else Screen.Say(Line());
        }
    }

    /// <summary>Shows the last count and ends the line.</summary>
    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        if (Screen.IsWatched) Console.Error.Write("\r");
        Screen.Say(Line() + "   ");
    }

    private string Line()
    {
        var rate = _count / Math.Max(Stopwatch.GetElapsedTime(_started).TotalSeconds, 1e-3);
        var of = total is { } all ? string.Create(CultureInfo.InvariantCulture, $" of {all:N0}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{verb}: {_count:N0}{of} {unit}, {rate:N0} {unit}/s");
    }
}
