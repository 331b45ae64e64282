using System.CommandLine;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary><c>index</c>: archive → inventory.</summary>
internal static class IndexVerb
{
    public static Command Create()
    {
        var archive = new Argument<string>("ARCHIVE") { Description = "folder that holds the films, at any depth" };
        var run = Flags.Run();
        run.Required = true;
        var (chunk, siteKey, triage, reader, json) = (Flags.Chunk(), Flags.SiteKey(), Flags.Triage(), DicomReaderChoice.Flag(), Flags.Json());
        var command = new Verb(
            "index",
            "Reads the headers below a folder and writes the inventory: a row a film, with pseudonyms in place of " +
            "names.",
            "./run.sh index /archive/hips --run runs/hips")
        { archive, run, chunk, siteKey, triage, reader, json };
        command.SetAction(async (parsed, stop) =>
        {
            var opened = await RunAsync(
                parsed.GetRequiredValue(archive), parsed.GetValue(run)!, parsed.GetValue(chunk),
                SiteKey.LoadOrCreate(parsed.GetValue(siteKey)), TriageVerb.Load(parsed.GetValue(triage)), parsed.GetValue(reader), stop);
            if (parsed.GetValue(json)) Screen.Json(new { opened.Manifest.Films, opened.Manifest.Files, Run = opened.FullPath });
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Indexes, unless the run has its inventory already; triage and reader of null are the run's own, or the defaults.</summary>
    public static async Task<RunFolder> RunAsync(
        string archive, string runPath, int chunkFilms, SiteKey key, Triage? triage, string? reader, CancellationToken stop)
    {
        if (!File.Exists(Path.Combine(runPath, "run.json"))) DicomReaderChoice.Open(reader); // what cannot be is said before anything is made
        var run = RunFolder.Create(runPath, new()
        {
            ProductVersion = Product.Version,
            ArchiveRoot = Path.GetFullPath(archive),
            ChunkFilms = chunkFilms,
            SiteKeyId = key.Id,
            TriageSha256 = triage?.Sha256,
        });
        var second = DicomReaderChoice.Of(run, reader);
        if (run.HasInventory)
        {
            Screen.Say($"index: {run.FullPath} has an inventory of {run.Manifest.Films:N0} films; nothing to do");
            return run;
        }

        triage?.KeepIn(run);
        using var progress = new CountProgress("index", "files", null);
        var count = await Indexer.RunAsync(run, key, Environment.ProcessorCount, new Files(progress), stop, second);
        progress.Show(count.Files);
        progress.Dispose();
        Screen.Say($"index: {count.Films:N0} films, {count.ToScan:N0} of them to be scanned, {count.Bytes / 1e6:N1} MB in {count.Files:N0} files");
        return run;
    }

    private sealed class Files(CountProgress progress) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => progress.Show(value.Files);
    }
}
