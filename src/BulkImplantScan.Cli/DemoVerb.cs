using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary><c>demo</c>: the whole way on synthetic films, from DICOM files to the report.</summary>
internal static class DemoVerb
{
    private const string Marker = ".bulkimplantscan-demo";

    public static Command Create()
    {
        var folder = new Option<string?>("--out") { Description = "folder of the demonstration, made anew (default: out/demo)", HelpName = "DIR" };
        var films = Flags.Checked(
            new Option<int>("--films") { Description = "synthetic films", HelpName = "N", DefaultValueFactory = _ => 240 },
            value => value is >= 8 and <= 100_000 ? null : "--films must be 8 to 100,000");
        var seed = new Option<ulong>("--seed") { Description = "the same seed gives the same films", HelpName = "S", DefaultValueFactory = _ => 2023 };
        var command = new Verb(
            "demo",
            "Makes synthetic hip films as DICOM files, indexes, scans and reports them.",
            "./run.sh demo --films 60 --out /tmp/bis-demo")
        { folder, films, seed };
        command.SetAction(async (parsed, stop) =>
        {
            var root = Path.GetFullPath(parsed.GetValue(folder) ?? Path.Combine(Install.Root, "out", "demo"));
            await RunAsync(root, parsed.GetValue(films), parsed.GetValue(seed), stop);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task RunAsync(string root, int films, ulong seed, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var model = ModelPackage.Load(Install.DemonstrationModel);
        Clear(root);
        var (phantoms, run) = (Path.Combine(root, "phantoms"), Path.Combine(root, "run"));

        Screen.Say($"1. {films} synthetic films (computed, not of people) as DICOM files: {phantoms}");
        var broken = Math.Max(1, films / 40);
        PhantomVerb.Write(new() { Count = films - broken, OutFolder = phantoms, Seed = seed, Broken = broken }, stop);

        Screen.Say("2. index: headers only");
        var key = SiteKey.LoadOrCreate(Path.Combine(root, "demo-site.key")); // a demonstration leaves nothing in your configuration
        var opened = await IndexVerb.RunAsync([Path.Combine(phantoms, "films")], run, 64, key, new(null, default, null), stop);

        Screen.Say("3. scan: decode, preprocess, network, Grad-CAM, rows");
        var outcome = await ScanVerb.RunAsync(opened, model, key, "auto", new(), new() { Explain = ExplainPolicy.All, SecondReader = DicomReaderChoice.Of(opened, null) }, stop);
        if (!outcome.IsComplete) throw new OperationCanceledException(stop);

        Screen.Say(
            "4. report. All films are synthetic and the demonstration model has seen nothing else: the figures say that the\n" +
            "   machinery works, nothing about films of people. Research software, not a medical device.");
        ReportVerb.Write(
            run, null, json: false,
            "All films of this run are synthetic, and the model has seen nothing else: the figures say that the machinery works, nothing about films of people.");
        Screen.Say($"run:    {run}");
        Screen.Say($"truth:  {Path.Combine(phantoms, "labels.csv")}");
        Screen.Say(string.Create(CultureInfo.InvariantCulture, $"done in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
    }

    // Only what an earlier demonstration made is ever removed.
    private static void Clear(string root)
    {
        var marker = Path.Combine(root, Marker);
        if (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())
        {
            if (!File.Exists(marker)) throw new CliException(ExitCode.Usage, $"{root} is not empty and holds no demonstration. Name a new folder with --out.");
            Directory.Delete(root, recursive: true);
        }

        Directory.CreateDirectory(root);
        File.WriteAllText(marker, "Made by ./run.sh demo, which removes this folder before it makes it anew.\n");
    }
}
