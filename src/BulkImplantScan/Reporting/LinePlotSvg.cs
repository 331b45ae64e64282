using System.Text;
using static BulkImplantScan.Reporting.HtmlText;

namespace BulkImplantScan.Reporting;

/// <summary>A line plot as SVG inside the page, coloured by the page's style.</summary>
internal static class LinePlotSvg
{
    private const double Width = 520, Height = 400, Left = 58, Right = 14, Top = 12, Bottom = 48;
    private const int Ticks = 5;

    /// <summary>Appends the plot and its legend.</summary>
    public static void Append(StringBuilder html, LinePlot plot)
    {
        double X(double value) => Left + value * (Width - Left - Right);
        double Y(double value) => Height - Bottom - value / plot.YTop * (Height - Top - Bottom);

        html.Append($"<figure class=\"plot\"><figcaption>{Escape(plot.Title)}</figcaption><div class=\"legend\">");
        foreach (var series in plot.Series) html.Append($"<span><i class=\"{series.Colour}\"></i>{Escape(series.Name)}</span>");
        html.Append($"</div>\n<svg viewBox=\"0 0 {Number(Width)} {Number(Height)}\" role=\"img\" aria-label=\"{Escape(plot.Title)}\">");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var (x, y) = (tick / (double)Ticks, plot.YTop * tick / Ticks);
            html.Append($"<line class=\"grid\" x1=\"{Number(X(0))}\" x2=\"{Number(X(1))}\" y1=\"{Number(Y(y))}\" y2=\"{Number(Y(y))}\"/>");
            html.Append($"<text class=\"tick\" x=\"{Number(Left - 8)}\" y=\"{Number(Y(y) + 4)}\" text-anchor=\"end\">{Number(y, "0.0##")}</text>");
            html.Append($"<text class=\"tick\" x=\"{Number(X(x))}\" y=\"{Number(Height - Bottom + 18)}\" text-anchor=\"middle\">{Number(x, "0.0")}</text>");
        }

        html.Append($"<text class=\"axis\" x=\"{Number(X(0.5))}\" y=\"{Number(Height - 8)}\" text-anchor=\"middle\">{Escape(plot.XLabel)}</text>");
        html.Append($"<text class=\"axis\" transform=\"translate(13 {Number(Y(plot.YTop / 2))}) rotate(-90)\" text-anchor=\"middle\">{Escape(plot.YLabel)}</text>\n");
        if (plot.HasDiagonal) html.Append($"<line class=\"grid\" stroke-dasharray=\"4 4\" x1=\"{Number(X(0))}\" y1=\"{Number(Y(0))}\" x2=\"{Number(X(1))}\" y2=\"{Number(Y(1))}\"/>");
        foreach (var series in plot.Series)
        {
            var points = string.Join(' ', series.Points.Select(point => $"{Number(X(point.X))},{Number(Y(Math.Min(point.Y, plot.YTop)))}"));
            html.Append($"<polyline fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" style=\"stroke:var(--{series.Colour})\" points=\"{points}\"/>");
            for (var i = 0; i < series.DotArea.Count; i++)
                html.Append($"<circle style=\"fill:var(--{series.Colour})\" cx=\"{Number(X(series.Points[i].X))}\" cy=\"{Number(Y(series.Points[i].Y))}\" r=\"{Number(Math.Sqrt(series.DotArea[i] / Math.PI))}\"/>");
            html.Append('\n');
        }

        html.Append("</svg></figure>\n");
    }
}
