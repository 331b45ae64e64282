using System.Globalization;
using BulkImplantScan.Pipeline;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BulkImplantScan.Cli;

/// <summary>Shows a scan while it runs: drawn in place for someone who watches, a line now and then in a log.</summary>
internal static class ScanProgress
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(15);

    /// <summary>Shows <paramref name="meter"/> until <paramref name="scan"/> ends.</summary>
    public static async Task ShowAsync(ScanMeter meter, Task scan)
    {
        if (meter.Before == meter.Films)
        {
            Screen.Say(string.Create(CultureInfo.InvariantCulture, $"scan: all {meter.Films:N0} films have their row; nothing to do"));
            return;
        }

        if (Screen.IsWatched)
        {
            await Screen.Human.Live(Draw(meter)).AutoClear(true).StartAsync(async live =>
            {
                while (!scan.IsCompleted)
                {
                    live.UpdateTarget(Draw(meter));
                    live.Refresh();
                    await Task.WhenAny(scan, Task.Delay(Redraw));
                }
            });
        }
        else
        {
            while (await Task.WhenAny(scan, Task.Delay(LogEvery)) != scan) Screen.Say(Line(meter));
        }

        Screen.Say(Line(meter));
    }

    private static string Line(ScanMeter meter)
    {
        var queues = string.Join(' ', meter.Stages.Skip(1).Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Name} {stage.Queued}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"scan: {meter.Before + meter.Recorded:N0} of {meter.Films:N0} films, {meter.FilmsPerSecond:F1} films/s, limited by {meter.Limiting.Name}, {Left(meter)}; waiting before {queues}");
    }

    private static Rows Draw(ScanMeter meter)
    {
        var done = meter.Before + meter.Recorded;
        var share = meter.Films == 0 ? 1 : (double)done / meter.Films;
        var filled = (int)(40 * share);
        var table = new Table().Border(TableBorder.None).AddColumns(
            "[grey]stage[/]", "[grey]films[/]", "[grey]busy[/]", "[grey]waiting[/]");
        foreach (var stage in meter.Stages)
        {
            var busy = stage.Busy / stage.Workers / meter.Elapsed;
            var colour = stage == meter.Limiting ? "yellow" : "default";
            table.AddRow(
                $"[{colour}]{stage.Name}[/]",
                stage.Films.ToString("N0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"[{colour}]{Math.Min(1, busy):P0}[/]"),
                stage.Queued.ToString(CultureInfo.InvariantCulture));
        }

        List<IRenderable> lines =
        [
            new Markup(string.Create(
                CultureInfo.InvariantCulture,
                $"[green]{new string('━', filled)}[/][grey]{new string('━', 40 - filled)}[/] {done:N0}/{meter.Films:N0} films  [bold]{meter.FilmsPerSecond:F1} films/s[/]  {Left(meter)}")),
            table,
        ];
        return new(lines);
    }

    private static string Left(ScanMeter meter) => meter.TimeLeft is { } left
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours}:{left.Minutes:D2}:{left.Seconds:D2} left")
        : "time left not known yet";
}
