using System.CommandLine;
using System.Globalization;
using System.Text;
using BulkImplantScan.Registry;
using Spectre.Console;

namespace BulkImplantScan.Cli;

/// <summary><c>sql</c>: any question to a run.</summary>
internal static class SqlVerb
{
    private const int ShownRows = 1000;

    public static Command Create()
    {
        var (run, json) = (Flags.RunArgument(), Flags.Json());
        var sql = new Argument<string>("SQL") { Description = "one SELECT; the views are films, outcomes, inventory, classes, judged and implants" };
        var csv = new Option<bool>("--csv") { Description = "results as CSV on stdout" };
        var command = new Verb(
            "sql",
            "Answers one question in SQL (DuckDB). Nothing can be changed or written by it.",
            "./run.sh sql runs/hips \"SELECT status, reason, count(*) FROM films GROUP BY ALL ORDER BY ALL\"")
        { run, sql, json, csv };
        command.SetAction((parsed, stop) =>
        {
            using var database = RunDatabase.Open(parsed.GetRequiredValue(run));
            try
            {
                using var result = database.Query(parsed.GetRequiredValue(sql), stop);
                if (parsed.GetValue(json)) Json(result);
                else if (parsed.GetValue(csv)) Csv(result);
                else Table(result);
            }
            catch (RunQueryException e)
            {
                throw new CliException(ExitCode.Usage, e.Message);
            }

            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Json(QueryResult result)
    {
        foreach (var row in result.Rows())
        {
            var named = new Dictionary<string, object?>();
            for (var i = 0; i < row.Length; i++) named[result.Columns[i]] = row[i];
            Screen.Json(named);
        }
    }

    private static void Csv(QueryResult result)
    {
        Console.Out.WriteLine(string.Join(',', result.Columns.Select(Quote)));
        foreach (var row in result.Rows()) Console.Out.WriteLine(string.Join(',', row.Select(cell => Quote(Text(cell)))));
    }

    private static void Table(QueryResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in result.Columns) table.AddColumn(new TableColumn(column.EscapeMarkup()).NoWrap());
        var rows = 0;
        foreach (var row in result.Rows())
        {
            if (rows++ == ShownRows) break;
            table.AddRow([.. row.Select(cell => Text(cell).EscapeMarkup())]);
        }

        // stdout: it is the result, also when it is drawn for a person.
        AnsiConsole.Console.Profile.Width = Console.IsOutputRedirected ? 4096 : AnsiConsole.Console.Profile.Width;
        AnsiConsole.Console.Write(table);
        if (rows > ShownRows) Screen.Say($"only the first {ShownRows} rows are drawn; --csv or --json give all");
    }

    private static string Text(object? cell) => cell switch
    {
        null => "",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        string text => text,
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    // RFC 4180.
    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : new StringBuilder(text).Replace("\"", "\"\"").Insert(0, '"').Append('"').ToString();
}
