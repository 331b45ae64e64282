using System.Text;
using BulkImplantScan.Registry;

namespace BulkImplantScan.Reporting;

/// <summary>A statistic as an HTML table, cut to what a page can hold.</summary>
internal static class HtmlTable
{
    /// <summary>Appends the table with its unit and the name of its file below.</summary>
    /// <param name="html">The page.</param>
    /// <param name="table">The statistic.</param>
    /// <param name="columns">What is shown of it.</param>
    /// <param name="maximumLines">Lines at most; what is cut is said.</param>
    /// <param name="lineClass">CSS class of a line; null for none.</param>
    public static void Append(
        StringBuilder html, StatisticTable table, IReadOnlyList<HtmlColumn> columns, int maximumLines,
        Func<IReadOnlyDictionary<string, object?>, string?>? lineClass = null)
    {
        if (table.Total == 0)
        {
            html.Append("<p class=\"empty\">None in this run.</p>\n");
            return;
        }

        html.Append("<div class=\"scroll\"><table><thead><tr>");
        foreach (var column in columns)
            html.Append(column.IsNumber ? "<th class=\"n\">" : "<th>").Append(column.Header).Append("</th>");
        html.Append("</tr></thead><tbody>\n");
        foreach (var line in table.Lines.Take(maximumLines))
        {
            html.Append(lineClass?.Invoke(line) is { } name ? $"<tr class=\"{name}\">" : "<tr>");
            foreach (var column in columns)
                html.Append(column.IsNumber ? "<td class=\"n\">" : "<td>").Append(column.Cell(line)).Append("</td>");
            html.Append("</tr>\n");
        }

        html.Append("</tbody></table></div>\n");
        if (table.Total > maximumLines)
            html.Append($"<p class=\"cut\">The first {HtmlText.Count((long)maximumLines)} of {HtmlText.Count(table.Total)} lines; the files have all.</p>\n");
        html.Append($"<p class=\"unit\">{HtmlText.Escape(table.Statistic.Unit)} <code>csv/{table.Statistic.Name}.csv</code></p>\n");
    }
}
