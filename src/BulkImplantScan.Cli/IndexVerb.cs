using System.CommandLine;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary><c>index</c>: archive → inventory.</summary>
internal static class IndexVerb
{
    public static Command Create()
    {
        var archives = new Argument<string[]>("ARCHIVE")
        {
            Description = "folders that hold the films, at any depth, or files: zip, tar, tar.gz, tar.zst, 7z",
            Arity = ArgumentArity.OneOrMore,
        };
        var run = Flags.Run();
        run.Required = true;
        var (chunk, siteKey, json) = (Flags.Chunk(), Flags.SiteKey(), Flags.Json());
        var command = new Verb(
            "index",
            "Reads the headers of all files in one or several archives and writes the inventory: a row a film, with " +
            "pseudonyms in place of names.",
            "./run.sh index /archive/hips --run runs/hips")
        { archives, run, chunk, siteKey, json };
        command.SetAction(async (parsed, stop) =>
        {
            var opened = await RunAsync(parsed.GetRequiredValue(archives), parsed.GetValue(run)!, parsed.GetValue(chunk), SiteKey.LoadOrCreate(parsed.GetValue(siteKey)), stop);
            if (parsed.GetValue(json)) Screen.Json(new { opened.Manifest.Films, opened.Manifest.Files, Run = opened.FullPath });
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Indexes, unless the run has its inventory already.</summary>
    public static async Task<RunFolder> RunAsync(IReadOnlyList<string> archives, string runPath, int chunkFilms, SiteKey key, CancellationToken stop)
    {
        string[] roots = [.. archives.Select(Path.GetFullPath)];
        var run = RunFolder.Create(runPath, new()
        {
            ProductVersion = Product.Version,
            ArchiveRoot = roots[0],
            MoreRoots = roots[1..],
            ChunkFilms = chunkFilms,
            SiteKeyId = key.Id,
        });
        if (run.HasInventory)
        {
            Screen.Say($"index: {run.FullPath} has an inventory of {run.Manifest.Films:N0} films; nothing to do");
            return run;
        }

        using var progress = new CountProgress("index", "files", null);
        var count = await Indexer.RunAsync(run, key, Environment.ProcessorCount, new Files(progress), stop);
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
