using System.Globalization;
using ScottPlot;

namespace BulkImplantScan.Reporting;

/// <summary>A chart as a PNG file for a slide or a paper: light, with its title.</summary>
internal static class StackedColumnsPng
{
    private const int Width = 1400, Height = 620;

    /// <summary>Draws the chart.</summary>
    /// <returns>The file's bytes; null where the native drawing library does not load on this machine.</returns>
    public static byte[]? Draw(StackedColumns chart)
    {
        try
        {
            using var plot = new Plot();
            plot.Title(chart.Title);
            plot.YLabel(chart.Axis);
            plot.Axes.Top.IsVisible = plot.Axes.Right.IsVisible = false;
            plot.Grid.XAxisStyle.IsVisible = false;

            var bars = new List<Bar>();
            for (var c = 0; c < chart.Columns.Count; c++)
            {
                long below = 0;
                foreach (var series in chart.Series)
                {
                    if (series.Values[c] == 0) continue;
                    bars.Add(new()
                    {
                        Position = c,
                        ValueBase = below,
                        Value = below + series.Values[c],
                        FillColor = Color.FromHex(ChartColours.Light(series.Colour)),
                        LineWidth = 0,
                        Size = 0.72,
                    });
                    below += series.Values[c];
                }
            }

            plot.Add.Bars(bars);
            var labelled = Enumerable.Range(0, chart.Columns.Count).Where(c => c % chart.LabelEvery == 0).ToArray();
            plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
                [.. labelled.Select(c => (double)c)], [.. labelled.Select(c => chart.Columns[c])]);
            var ticks = Enumerable.Range(0, (int)(chart.Top / chart.TickDistance) + 1).Select(i => i * chart.TickDistance).ToArray();
            plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
                [.. ticks.Select(tick => (double)tick)], [.. ticks.Select(tick => tick.ToString("N0", CultureInfo.InvariantCulture))]);
            plot.Axes.SetLimits(-0.6, chart.Columns.Count - 0.4, 0, chart.Top);
            foreach (var series in chart.Series.Reverse()) // as they are stacked
                plot.Legend.ManualItems.Add(new() { LabelText = series.Name, FillColor = Color.FromHex(ChartColours.Light(series.Colour)) });
            plot.Legend.OutlineWidth = 0;
            plot.Legend.ShadowColor = Colors.Transparent;
            plot.ShowLegend(Edge.Right);
            plot.Font.Set(Fonts.Sans);
            return plot.GetImage(Width, Height).GetImageBytes(ImageFormat.Png);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            return null; // no Skia for this machine: the page's own charts need none
        }
    }
}
