using System.CommandLine;
using System.Globalization;
using BulkImplantScan.Reporting;
using Spectre.Console;

namespace BulkImplantScan.Cli;

/// <summary><c>report</c>: parts → what a registry reads.</summary>
internal static class ReportVerb
{
    public static Command Create()
    {
        var (run, json) = (Flags.RunArgument(), Flags.Json());
        var folder = new Option<string?>("--out") { Description = "where to write (default: RUN/report)", HelpName = "DIR" };
        var command = new Verb(
            "report",
            "Writes the registry report: counts of films, studies, patients and implants by device and year with " +
            "intervals, what failed and why, confidence, sample overlays; one HTML file without network, CSV and " +
            "Parquet. Exit code 3 when films of the run are still to be scanned (the report says so too).",
            "./run.sh report runs/hips")
        { run, folder, json };
        command.SetAction((parsed, _) =>
        {
            var complete = Write(parsed.GetRequiredValue(run), parsed.GetValue(folder), parsed.GetValue(json));
            return Task.FromResult(complete ? ExitCode.Done : ExitCode.Incomplete);
        });
        return command;
    }

    /// <summary>Writes the report and prints the closing table.</summary>
    /// <returns>False when films of the run are still to be scanned.</returns>
    public static bool Write(string run, string? folder, bool json, string? note = null)
    {
        var files = Report.Write(run, folder, new() { Note = note });
        var (summary, ledger) = (files.Summary, files.Summary.Ledger);
        if (json)
        {
            Screen.Json(new { files.Html, files.Folder, summary.Films, summary.Studies, summary.Patients, summary.Implants, summary.Devices, ledger.Duplicates, ledger.Missing });
            return ledger.Missing == 0;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn("device");
        foreach (var column in (string[])["films", "studies", "patients", "implants", "share of patients (95 % Wilson)"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var device in summary.Devices)
        {
            var share = device.PatientShare is { } value
                ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1} % ({100 * device.Interval.Low:F1}–{100 * device.Interval.High:F1})")
                : "–";
            table.AddRow(device.Device.EscapeMarkup(), Text(device.Films), Text(device.Studies), Text(device.Patients), Text(device.Implants), share);
        }

        table.AddEmptyRow();
        foreach (var (name, films) in ((string, long)[])
            [("identified", ledger.Identified), ("no implant", ledger.None), ("abstained", ledger.Abstained), ("rejected", ledger.Rejected), ("failed", ledger.Failed)])
        {
            table.AddRow($"[grey]{name}[/]", Text(films), "", "", "", "");
        }

        Screen.Human.Write(table);
        Screen.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{ledger.Films:N0} films in = {ledger.Identified:N0} identified + {ledger.None:N0} none + {ledger.Abstained:N0} abstained + {ledger.Rejected:N0} rejected + {ledger.Failed:N0} failed{(ledger.Missing > 0 ? $" + {ledger.Missing:N0} still to be scanned" : "")}"));
        if (ledger.Kinds.Sentence is { } sentence) Screen.Say(sentence);
        Screen.Say($"report: {files.Html}");
        return ledger.Missing == 0;
    }

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
