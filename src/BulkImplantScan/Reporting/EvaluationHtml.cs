using System.Text;
using BulkImplantScan.Assessment;
using static BulkImplantScan.Reporting.HtmlText;

namespace BulkImplantScan.Reporting;

/// <summary>The evaluation as one page: no script, no address it could load anything from.</summary>
internal static class EvaluationHtml
{
    private const string Rules = """
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:0 1.4rem}
        .figures td,.figures th{font-size:.8rem}
        .figures td.n,.figures th.n{white-space:normal}.figures{margin-bottom:1rem}
        .figures td.n span{display:block;color:var(--soft);white-space:nowrap}
        .matrix{width:auto}.matrix td,.matrix th{padding:.3rem .6rem;text-align:right;font-variant-numeric:tabular-nums}
        .matrix th:first-child{text-align:left}.matrix tbody th{border-bottom:1px solid var(--line)}
        .matrix td.zero{color:var(--soft);opacity:.5}
        caption{text-align:left;white-space:nowrap;font-weight:600;font-size:.95rem;margin:.8rem 0 .3rem}
        """;

    /// <summary>The page.</summary>
    public static string Write(IReadOnlyList<EvaluationBlock> blocks, string footer)
    {
        var html = new StringBuilder();
        var isFirst = true;
        foreach (var block in blocks)
        {
            switch (block)
            {
                case EvaluationBlock.Heading heading when isFirst:
                    html.Append(HtmlPage.Head(heading.Text, Rules)).Append("</header>\n");
                    isFirst = false;
                    break;
                case EvaluationBlock.Heading heading:
                    html.Append($"<h2>{Escape(heading.Text)}</h2>\n");
                    break;
                case EvaluationBlock.Paragraph paragraph:
                    html.Append($"<p>{Escape(paragraph.Text)}</p>\n");
                    break;
                case EvaluationBlock.Warning warning:
                    html.Append($"<p class=\"limits\">{Escape(warning.Text)}</p>\n");
                    break;
                case EvaluationBlock.Table table:
                    Append(html, table);
                    break;
                case EvaluationBlock.Matrix matrix:
                    Append(html, matrix.Caption, matrix.Confusion);
                    break;
                case EvaluationBlock.Plots plots:
                    html.Append("<div class=\"plots\">\n");
                    foreach (var plot in plots.Drawn) LinePlotSvg.Append(html, plot);
                    html.Append("</div>\n");
                    break;
            }
        }

        return html.Append($"<footer>{Escape(footer)}</footer>\n</body></html>\n").ToString().ReplaceLineEndings("\n");
    }

    private static void Append(StringBuilder html, EvaluationBlock.Table table)
    {
        html.Append("<div class=\"scroll\"><table class=\"figures\"><thead><tr>");
        for (var c = 0; c < table.Header.Count; c++)
            html.Append(c >= table.NumbersFrom ? "<th class=\"n\">" : "<th>").Append(table.Header[c].Length == 0 ? "" : Escape(table.Header[c])).Append("</th>");
        html.Append("</tr></thead><tbody>\n");
        foreach (var line in table.Lines)
        {
            html.Append("<tr>");
            for (var c = 0; c < line.Count; c++)
                html.Append(c < table.NumbersFrom ? "<td>" : "<td class=\"n\">").Append(Cell(line[c])).Append("</td>");
            html.Append("</tr>\n");
        }

        html.Append("</tbody></table></div>\n");
    }

    /// <summary>Intervals are set quieter than what they are of.</summary>
    private static string Cell(string text) => text.Length == 0 ? ""
        : Escape(text).Replace(" [", " <span>[", StringComparison.Ordinal).Replace("]", "]</span>", StringComparison.Ordinal);

    private static void Append(StringBuilder html, string caption, Confusion confusion)
    {
        html.Append($"<div class=\"scroll\"><table class=\"matrix\"><caption>{Escape(caption)}</caption><thead><tr><th></th>");
        foreach (var column in confusion.Columns) html.Append($"<th>{Escape(column)}</th>");
        html.Append("</tr></thead><tbody>\n");
        for (var r = 0; r < confusion.Rows.Count; r++)
        {
            html.Append($"<tr><th>{Escape(confusion.Rows[r])}</th>");
            var total = confusion.Films[r].Sum();
            for (var c = 0; c < confusion.Columns.Count; c++)
            {
                var films = confusion.Films[r][c];
                var colour = confusion.Columns[c] == confusion.Rows[r] ? "identified" : c >= confusion.Columns.Count - 1 || confusion.Columns[c] == "abstained" ? "abstained" : "failed";
                html.Append(films == 0 ? "<td class=\"zero\">0</td>"
                    : $"<td style=\"background:color-mix(in srgb,var(--{colour}) {Number(10 + 60.0 * films / total, "0")}%,transparent)\">{Count((long)films)}</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody></table></div>\n");
    }
}
