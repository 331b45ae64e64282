using System.Text;
using static BulkImplantScan.Reporting.HtmlText;

namespace BulkImplantScan.Reporting;

/// <summary>A chart as SVG inside the page: coloured by the page's style, so that it follows light, dark and print.</summary>
internal static class StackedColumnsSvg
{
    private const double Width = 960, Height = 300, Left = 58, Right = 8, Top = 12, Bottom = 30;

    /// <summary>Appends the chart and its legend.</summary>
    /// <param name="html">The page.</param>
    /// <param name="chart">At least one value above 0.</param>
    public static void Append(StringBuilder html, StackedColumns chart)
    {
        var (tick, top) = (chart.TickDistance, chart.Top);
        double Y(double value) => Height - Bottom - value / top * (Height - Top - Bottom);

        html.Append($"<figure><figcaption>{Escape(chart.Title)}</figcaption><div class=\"legend\">");
        foreach (var series in chart.Series)
            html.Append($"<span><i class=\"{series.Colour}\"></i>{Escape(series.Name)}</span>");
        html.Append($"</div>\n<svg viewBox=\"0 0 {Number(Width)} {Number(Height)}\" role=\"img\" aria-label=\"{Escape(chart.Title)}\">");
        for (long value = 0; value <= top; value += tick)
        {
            html.Append($"<line class=\"grid\" x1=\"{Number(Left)}\" x2=\"{Number(Width - Right)}\" y1=\"{Number(Y(value))}\" y2=\"{Number(Y(value))}\"/>");
            html.Append($"<text class=\"tick\" x=\"{Number(Left - 8)}\" y=\"{Number(Y(value) + 4)}\" text-anchor=\"end\">{Count(value)}</text>");
        }

        html.Append($"<text class=\"axis\" transform=\"translate(11 {Number((Top + Height - Bottom) / 2)}) rotate(-90)\" text-anchor=\"middle\">{Escape(chart.Axis)}</text>\n");
        var pitch = (Width - Left - Right) / chart.Columns.Count;
        var columnWidth = Math.Min(pitch * 0.72, 64);
        for (var c = 0; c < chart.Columns.Count; c++)
        {
            var middle = Left + (c + 0.5) * pitch;
            long below = 0;
            foreach (var series in chart.Series)
            {
                var value = series.Values[c];
                if (value == 0) continue;
                var (y1, y0) = (Y(below + value), Y(below));
                html.Append($"<rect class=\"{series.Colour}\" x=\"{Number(middle - columnWidth / 2)}\" y=\"{Number(y1)}\" width=\"{Number(columnWidth)}\" height=\"{Number(y0 - y1)}\">");
                html.Append($"<title>{Escape(chart.Columns[c])}, {Escape(series.Name)}: {Count(value)}</title></rect>");
                below += value;
            }

            if (c % chart.LabelEvery == 0)
                html.Append($"<text class=\"tick\" x=\"{Number(middle)}\" y=\"{Number(Height - Bottom + 18)}\" text-anchor=\"middle\">{Escape(chart.Columns[c])}</text>");
            html.Append('\n');
        }

        html.Append("</svg></figure>\n");
    }
}
