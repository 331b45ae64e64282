using System.CommandLine;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary><c>phantom</c>: synthetic hip films with known truth.</summary>
internal static class PhantomVerb
{
    public static Command Create()
    {
        var count = Flags.Checked(
            new Option<int>("--count") { Description = "films", HelpName = "N", DefaultValueFactory = _ => 100 },
            value => value is >= 1 and <= 1_000_000 ? null : "--count must be 1 to 1,000,000");
        var folder = new Option<string?>("--out") { Description = "new or empty folder", HelpName = "DIR" };
        var seed = new Option<ulong>("--seed") { Description = "the same seed gives the same bytes", HelpName = "S", DefaultValueFactory = _ => 1 };
        var longSide = Flags.Checked(
            new Option<int?>("--long-side") { Description = "pixels of the longer side (default: 2000 to 3000, as drawn)", HelpName = "N" },
            value => value is null or (>= 64 and <= 4000) ? null : "--long-side must be 64 to 4000");
        var broken = new Option<int>("--broken") { Description = "files broken on purpose, among the films", HelpName = "N", DefaultValueFactory = _ => 0 };
        var set = new Option<PhantomSet>("--set")
        {
            Description = "world of patients and unknown hardware, training or test: they share neither",
            DefaultValueFactory = _ => PhantomSet.Test,
        };
        var masks = new Option<bool>("--masks") { Description = "also write PNG masks of metal, head element, shaft and screws of each hip" };
        var view = new Option<ViewChoice>("--view")
        {
            Description = "hip, pelvis (both hips, a row of labels.csv each) or mixed",
            DefaultValueFactory = _ => ViewChoice.Hip,
        };
        var edition = Flags.Checked(
            new Option<int>("--edition") { Description = "2, or 1, which is easier and older (docs/phantoms.md)", HelpName = "N", DefaultValueFactory = _ => (int)FilmPlan.UsualEdition },
            value => value is 1 or 2 ? null : "--edition must be 1 or 2");
        var confounding = new Option<string>("--confounding")
        {
            Description = $"nuisances that go with the label on this share of films (of patients: side, sex, bulk, site, year), to show the harm: {string.Join(", ", Confounding.Factors)}",
            HelpName = "FACTOR=SHARE,…",
            DefaultValueFactory = _ => "",
        };
        var unknown = Flags.Checked(
            new Option<double>("--unknown") { Description = "share of patients with hardware outside the catalogue, to train or judge its refusal", HelpName = "SHARE", DefaultValueFactory = _ => PhantomOptions.UsualUnknownShare },
            value => value is >= 0 and <= 0.75 ? null : "--unknown must be 0 to 0.75");
        var weights = new Option<string>("--weights")
        {
            Description = "designs drawn more often, or less, than the others of the catalogue or of the unknown hardware (1 each)",
            HelpName = "DESIGN=WEIGHT,…",
            DefaultValueFactory = _ => "",
        };
        var sheet = new Option<string?>("--sheet") { Description = "instead of films, one PNG of examples per design, a row each", HelpName = "PNG" };
        var command = new Verb(
            "phantom",
            "Writes synthetic AP hip radiographs as DICOM files, with the truth in labels.csv: six generic fixation " +
            "designs, plain hips and unknown hardware. They prove the machinery, not accuracy on people.",
            "./run.sh phantom --count 100 --out phantoms --seed 7 --masks")
        { count, folder, seed, longSide, broken, set, masks, view, edition, confounding, unknown, weights, sheet };
        command.SetAction((parsed, stop) =>
        {
            if (parsed.GetValue(sheet) is { } picture)
            {
                WriteSheet(picture, parsed.GetValue(seed), (PhantomEdition)parsed.GetValue(edition));
                return Task.FromResult(ExitCode.Done);
            }

            var options = new PhantomOptions
            {
                Count = parsed.GetValue(count),
                OutFolder = parsed.GetValue(folder) ?? throw new CliException(ExitCode.Usage, "Name a new folder for the phantoms with --out, or a picture with --sheet."),
                Seed = parsed.GetValue(seed),
                LongSidePixels = parsed.GetValue(longSide),
                Broken = parsed.GetValue(broken),
                Set = parsed.GetValue(set),
                Masks = parsed.GetValue(masks),
                View = parsed.GetValue(view),
                Edition = (PhantomEdition)parsed.GetValue(edition),
                UnknownShare = parsed.GetValue(unknown),
                Confounding = Read("--confounding", () => Confounding.Parse(parsed.GetValue(confounding)!)),
                Weights = Read("--weights", () => DesignWeights.Parse(parsed.GetValue(weights)!, parsed.GetValue(set))),
            };
            Write(options, stop);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static T Read<T>(string option, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException e)
        {
            throw new CliException(ExitCode.Usage, $"{option} {e.Message}");
        }
    }

    private static void WriteSheet(string path, ulong seed, PhantomEdition edition)
    {
        const int Columns = 6, CellPixels = 384;
        AtomicFile.Write(path, stream => stream.Write(PhantomSheet.Draw(seed, Columns, CellPixels, edition: edition)));
        Screen.Say($"{path}: {Enum.GetValues<Design>().Length} designs, {Columns} computed patients each. Synthetic: nothing is claimed about real films.");
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
