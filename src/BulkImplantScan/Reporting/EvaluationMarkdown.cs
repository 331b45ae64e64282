using System.Globalization;
using System.Text;

namespace BulkImplantScan.Reporting;

/// <summary>The evaluation as Markdown, for papers and reviews; curves are in the page only.</summary>
internal static class EvaluationMarkdown
{
    /// <summary>The text.</summary>
    public static string Write(IReadOnlyList<EvaluationBlock> blocks, string footer)
    {
        var text = new StringBuilder();
        foreach (var block in blocks)
        {
            switch (block)
            {
                case EvaluationBlock.Heading heading:
                    text.Append(text.Length == 0 ? "# " : "## ").Append(Escape(heading.Text)).Append("\n\n");
                    break;
                case EvaluationBlock.Paragraph paragraph:
                    text.Append(Escape(paragraph.Text)).Append("\n\n");
                    break;
                case EvaluationBlock.Warning warning:
                    text.Append("**").Append(Escape(warning.Text)).Append("**\n\n");
                    break;
                case EvaluationBlock.Table table:
                    Append(text, table.Header, table.Lines, table.NumbersFrom);
                    break;
                case EvaluationBlock.Matrix { Confusion: var matrix } shown:
                    text.Append(Escape(shown.Caption)).Append("\n\n");
                    Append(text, ["", .. matrix.Columns],
                        [.. matrix.Rows.Select((row, r) => (string[])[row, .. matrix.Films[r].Select(films => films.ToString("N0", CultureInfo.InvariantCulture))])], 1);
                    break;
            }
        }

        return text.Append(Escape(footer)).Append('\n').ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> lines, int numbersFrom)
    {
        Line(header);
        Line([.. header.Select((_, c) => c < numbersFrom ? "---" : "---:")], isEscaped: true);
        foreach (var line in lines) Line(line);
        text.Append('\n');

        void Line(IReadOnlyList<string> cells, bool isEscaped = false) =>
            text.Append("| ").AppendJoin(" | ", isEscaped ? cells : cells.Select(Escape)).Append(" |\n");
    }

    /// <summary>Characters that Markdown, or HTML in it, would take for markup; names come from models and labels.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if ("\\`*_{}<>#|[]!&".Contains(c, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(char.IsControl(c) ? '\uFFFD' : c);
        }

        return escaped.ToString();
    }
}
