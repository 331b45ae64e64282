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
        var (chunk, siteKey, triage, json) = (Flags.Chunk(), Flags.SiteKey(), Flags.Triage(), Flags.Json());
        var (pictures, sidecar, reader) = (Flags.Pictures(), Flags.Sidecar(), DicomReaderChoice.Flag());
        var command = new Verb(
            "index",
            "Reads the headers of all files in one or several archives and writes the inventory: a row a film, with " +
            "pseudonyms in place of names.",
            "./run.sh index /archive/hips --run runs/hips")
        { archives, run, pictures, sidecar, triage, reader, chunk, siteKey, json };
        command.SetAction(async (parsed, stop) =>
        {
            var key = SiteKey.LoadOrCreate(parsed.GetValue(siteKey));
            var choice = IndexChoice.Read(parsed.GetValue(triage), parsed.GetValue(pictures), parsed.GetValue(sidecar), parsed.GetValue(reader));
            var opened = await RunAsync(parsed.GetRequiredValue(archives), parsed.GetValue(run)!, parsed.GetValue(chunk), key, choice, stop);
            if (parsed.GetValue(json)) Screen.Json(new { opened.Manifest.Films, opened.Manifest.Files, Run = opened.FullPath });
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Indexes, unless the run has its inventory already.</summary>
    public static async Task<RunFolder> RunAsync(
        IReadOnlyList<string> archives, string runPath, int chunkFilms, SiteKey key, IndexChoice choice, CancellationToken stop)
    {
        if (!File.Exists(Path.Combine(runPath, "run.json"))) DicomReaderChoice.Open(choice.Reader); // what cannot be is said before anything is made
        var pictures = choice.Pictures.Read(key);
        string[] roots = [.. archives.Select(Path.GetFullPath)];
        var run = RunFolder.Create(runPath, new()
        {
            ProductVersion = Product.Version,
            ArchiveRoot = roots[0],
            MoreRoots = roots[1..],
            ChunkFilms = chunkFilms,
            SiteKeyId = key.Id,
            TriageSha256 = choice.Triage?.Sha256,
            Pictures = choice.Pictures.IsGiven ? pictures.Policy.ToString().ToLowerInvariant() : null,
            SidecarSha256 = pictures.Sidecar?.Sha256,
        });
        var second = DicomReaderChoice.Of(run, choice.Reader);
        if (run.HasInventory)
        {
            Screen.Say($"index: {run.FullPath} has an inventory of {run.Manifest.Films:N0} films; nothing to do");
            return run;
        }

        choice.Triage?.KeepIn(run);
        using var progress = new CountProgress("index", "files", null);
        var count = await Indexer.RunAsync(run, key, pictures, Environment.ProcessorCount, new Files(progress), stop, second);
        progress.Show(count.Files);
        progress.Dispose();
        Screen.Say($"index: {count.Films:N0} films, {count.ToScan:N0} of them to be scanned, {count.Bytes / 1e6:N1} MB in {count.Files:N0} files");
        if (count.MissingListed > 0)
            Screen.Say($"index: {count.MissingListed:N0} of {pictures.Sidecar!.Count:N0} files of the sidecar are not there; each has a row (missing_file). Check its column \"file\": paths below {run.Manifest.ArchiveRoot}, with / between names.");
        if (count.UnusedListed > 0)
            Screen.Say($"index: {count.UnusedListed:N0} files of the sidecar are no PNG, JPEG or TIFF; what it says of them is not used (DICOM files have headers of their own).");
        return run;
    }

    private sealed class Files(CountProgress progress) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => progress.Show(value.Files);
    }
}
