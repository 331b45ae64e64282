using System.CommandLine;
using BulkImplantScan.Phantoms;

namespace BulkImplantScan.Cli;

/// <summary><c>phantom</c>: synthetic hip films with known truth.</summary>
internal static class PhantomVerb
{
    public static Command Create()
    {
        var count = Flags.Checked(
            new Option<int>("--count") { Description = "films", HelpName = "N", DefaultValueFactory = _ => 100 },
            value => value is >= 1 and <= 10_000_000 ? null : "--count must be 1 to 10,000,000");
        var folder = new Option<string>("--out") { Description = "new or empty folder", HelpName = "DIR", Required = true };
        var seed = new Option<ulong>("--seed") { Description = "the same seed gives the same bytes", HelpName = "S", DefaultValueFactory = _ => 1 };
        var longSide = Flags.Checked(
            new Option<int?>("--long-side") { Description = "pixels of the longer side (default: 2000 to 3000, as drawn)", HelpName = "N" },
            value => value is null or (>= 64 and <= 8192) ? null : "--long-side must be 64 to 8192");
        var broken = new Option<int>("--broken") { Description = "files broken on purpose, among the films", HelpName = "N", DefaultValueFactory = _ => 0 };
        var set = new Option<PhantomSet>("--set")
        {
            Description = "world of patients and unknown hardware, training or test: they share neither",
            DefaultValueFactory = _ => PhantomSet.Test,
        };
        var masks = new Option<bool>("--masks") { Description = "also write a PNG mask of the metal of each film" };
        var command = new Verb(
            "phantom",
            "Writes synthetic AP hip radiographs as DICOM files, with the truth in labels.csv: six generic fixation " +
            "designs, plain hips and unknown hardware. They prove the machinery, not accuracy on people.",
            "./run.sh phantom --count 100 --out phantoms --seed 7 --masks")
        { count, folder, seed, longSide, broken, set, masks };
        command.SetAction((parsed, stop) =>
        {
            var options = new PhantomOptions
            {
                Count = parsed.GetValue(count),
                OutFolder = parsed.GetValue(folder)!,
                Seed = parsed.GetValue(seed),
                LongSidePixels = parsed.GetValue(longSide),
                Broken = parsed.GetValue(broken),
                Set = parsed.GetValue(set),
                Masks = parsed.GetValue(masks),
            };
            Write(options, stop);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>Writes an archive with progress.</summary>
    public static void Write(PhantomOptions options, CancellationToken stop)
    {
        if (Directory.Exists(options.OutFolder) && Directory.EnumerateFileSystemEntries(options.OutFolder).Any())
            throw new CliException(ExitCode.Usage, $"{Path.GetFullPath(options.OutFolder)} is not empty. Name a new folder for the phantoms.");
        if (File.Exists(options.OutFolder))
            throw new CliException(ExitCode.Usage, $"{Path.GetFullPath(options.OutFolder)} is a file. Name a new folder for the phantoms.");
        using var progress = new CountProgress("phantom", "films", options.Count + options.Broken);
        PhantomArchive.Write(options, new Count(progress), stop);
    }

    // Not Progress<T>: that posts to the pool, and the last line would come before the last count.
    private sealed class Count(CountProgress progress) : IProgress<int>
    {
        public void Report(int value) => progress.Show(value);
    }
}
