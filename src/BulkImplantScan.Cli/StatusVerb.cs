using System.CommandLine;
using System.Globalization;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary><c>status</c>: how far is a run? Reads no rows, so it is quick on any run, also while a scan goes on.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        var (run, json) = (Flags.RunArgument(), Flags.Json());
        var command = new Verb(
            "status",
            "Says how far a run is, and with which model. Exit code 0 when it is complete, 3 when not.",
            "./run.sh status runs/hips")
        { run, json };
        command.SetAction((parsed, _) =>
        {
            var opened = RunFolder.Open(parsed.GetRequiredValue(run));
            var (films, done, chunks, parts) = (0L, 0L, 0, 0);
            if (opened.HasInventory)
            {
                using var inventory = new InventoryReader(opened.InventoryPath);
                (films, chunks) = (inventory.FilmCount, inventory.Chunks.Count);
                foreach (var chunk in inventory.Chunks.Where(chunk => opened.HasPart(chunk.Number))) (done, parts) = (done + chunk.FilmCount, parts + 1);
            }

            var isComplete = opened.HasInventory && parts == chunks;
            var state = !opened.HasInventory ? "not indexed" : isComplete ? "complete" : parts == 0 ? "not scanned" : "incomplete";
            if (parsed.GetValue(json))
            {
                Screen.Json(new { Run = opened.FullPath, State = state, Films = films, FilmsDone = done, Chunks = chunks, Parts = parts, Model = opened.Manifest.Model?.Name, opened.Manifest.Settings });
            }
            else
            {
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{opened.FullPath}: {state}; {done:N0} of {films:N0} films, {parts} of {chunks} parts; model {opened.Manifest.Model?.Name ?? "not chosen yet"}"));
                if (!isComplete) Screen.Say($"Continue with: ./run.sh scan {parsed.GetRequiredValue(run)}");
            }

            return Task.FromResult(isComplete ? ExitCode.Done : ExitCode.Incomplete);
        });
        return command;
    }
}
