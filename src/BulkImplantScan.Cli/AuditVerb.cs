using System.CommandLine;
using System.Globalization;
using BulkImplantScan.Auditing;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Phantoms.Auditing;
using BulkImplantScan.Reporting;
using Spectre.Console;

namespace BulkImplantScan.Cli;

/// <summary><c>audit</c>: does a model look at the device, or at what goes with it?</summary>
internal static class AuditVerb
{
    private const int MostPairs = 100_000;

    public static Command Create()
    {
        var usual = new PhantomAuditOptions();
        var (model, json) = (Flags.Model(), Flags.Json());
        var folder = new Option<string>("--out") { Description = "where to write audit.html, audit.md and audit.json", HelpName = "DIR", Required = true };
        var pairs = Flags.Checked(
            new Option<int>("--pairs") { Description = "pairs of synthetic films a factor; below 268 the 1 % of flips cannot be shown", HelpName = "N", DefaultValueFactory = _ => usual.Pairs },
            value => value is >= 1 and <= MostPairs ? null : $"--pairs must be 1 to {MostPairs}");
        var seed = new Option<ulong>("--seed") { Description = "the same seed gives the same figures", HelpName = "S", DefaultValueFactory = _ => usual.Seed };
        var edition = Flags.Checked(
            new Option<int>("--edition") { Description = "of the phantoms, 1 or 2 (docs/phantoms.md)", HelpName = "N", DefaultValueFactory = _ => (int)usual.Edition },
            value => value is 1 or 2 ? null : "--edition must be 1 or 2");
        var longSide = Flags.Checked(
            new Option<int>("--long-side") { Description = "pixels of the longer side of films; 0: 2000 to 3000, as drawn", HelpName = "N", DefaultValueFactory = _ => usual.LongSidePixels!.Value },
            value => value is 0 or (>= 64 and <= 4000) ? null : "--long-side must be 64 to 4000, or 0");
        var factors = Flags.Checked(
            new Option<string>("--factors") { Description = $"of test 1, with commas: {string.Join(", ", PhantomAuditOptions.Nuisances)}", HelpName = "LIST", DefaultValueFactory = _ => string.Join(',', PhantomAuditOptions.Nuisances) },
            value => Chosen(value ?? "") is null ? $"--factors must name some of {string.Join(", ", PhantomAuditOptions.Nuisances)}" : null);
        var tests = Flags.Checked(
            new Option<string>("--tests") { Description = "numbers of the tests to run, with commas; default all thirteen", HelpName = "LIST", DefaultValueFactory = _ => string.Join(',', AuditTest.Numbers) },
            value => Numbers(value ?? "") is null ? "--tests must name some of 1 to 13, with commas" : null);
        var run = new Option<string?>("--run") { Description = "a scanned run of labelled films: tests 6, 7, 8, 11 and 12", HelpName = "RUN" };
        var truth = new Option<string?>("--truth") { Description = "its labels, as for evaluate", HelpName = "CSV" };
        var films = new Option<string?>("--films") { Description = "folder that the paths of the labels start from, as for evaluate", HelpName = "DIR" };
        var threads = Flags.Checked(
            new Option<int>("--threads") { Description = "films rendered at once, and threads of the network", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount },
            value => value is >= 1 and <= 1024 ? null : "--threads must be 1 to 1024");
        var command = new Verb(
            "audit",
            "Looks for shortcuts: synthetic films in pairs that differ in one thing (marker, collimator, look, pixels, side, age; the device itself), the background " +
            "alone, the metal alone, where the Grad-CAM lies, the hips of pelves; of a labelled run also what tags and features give away. Thirteen tests, each green, amber, red, or not " +
            "run and why. Exit code 0 when all that ran is green, 1 when one is red, 3 when none is red and one is amber.",
            "./run.sh audit --model models/mine --out audit --pairs 2000")
        { model, folder, tests, pairs, seed, edition, longSide, factors, run, truth, films, threads, json };
        command.SetAction((parsed, stop) =>
        {
            var runFolder = parsed.GetValue(run);
            var labels = parsed.GetValue(truth);
            if (runFolder is null != labels is null) throw new CliException(ExitCode.Usage, "--run and --truth go together: a scanned run, and the labels of its films.");
            var package = ModelPackage.Load(parsed.GetValue(model) ?? Install.DemonstrationModel);
            var asked = Numbers(parsed.GetValue(tests)!)!;
            var labelled = runFolder is null ? LabelledAudit.None : LabelledAudit.Of(runFolder, labels!, package, parsed.GetValue(films), asked, stop);
            var options = new PhantomAuditOptions
            {
                Pairs = parsed.GetValue(pairs),
                Seed = parsed.GetValue(seed),
                Edition = (PhantomEdition)parsed.GetValue(edition),
                LongSidePixels = parsed.GetValue(longSide) is var pixels and > 0 ? pixels : null,
                Factors = Chosen(parsed.GetValue(factors)!)!,
                Tests = asked,
            };
            var result = new AuditResult
            {
                ProductVersion = Product.Version,
                Model = package.Name,
                ModelSha256 = package.Sha256,
                Pairs = options.Pairs,
                Seed = options.Seed,
                Edition = (int)options.Edition,
                LongSide = options.LongSidePixels,
                TruthSha256 = labelled.TruthSha256,
                Tests = [.. Phantoms(package, options, parsed.GetValue(threads), stop).Concat(labelled.Tests).OrderBy(test => test.Number)],
            };
            var written = Path.GetFullPath(parsed.GetRequiredValue(folder));
            AuditReport.Write(result, written);
            if (parsed.GetValue(json)) Screen.Json(new { State = AuditReport.Word(result.State), Tests = result.Tests.Select(test => new { test.Number, State = AuditReport.Word(test.State) }) });
            else Say(result);
            Screen.Say($"audit: {Path.Combine(written, AuditReport.HtmlName)}");
            return Task.FromResult(result.State switch { AuditState.Red => ExitCode.CheckFailed, AuditState.Green => ExitCode.Done, _ => ExitCode.Incomplete });
        });
        return command;
    }

    private static IReadOnlyList<AuditTest> Phantoms(ModelPackage package, PhantomAuditOptions options, int threads, CancellationToken stop)
    {
        using var progress = new CountProgress("audit", "films", total: null);
        using var judge = new NetworkJudge(package, threads, stop) { Progress = films => progress.Show(films) };
        return PhantomAudit.Of(package.Classes, options, judge.Judge, films => PhantomMaps.Try(package, films, threads, stop));
    }

    private static Factor[]? Chosen(string text)
    {
        var words = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = Array.ConvertAll(words, word => PhantomAuditOptions.Nuisances.FirstOrDefault(factor => factor.ToString().Equals(word, StringComparison.OrdinalIgnoreCase), Factor.DeviceErased));
        return words.Length == 0 || found.Contains(Factor.DeviceErased) ? null : [.. found.Distinct()];
    }

    private static int[]? Numbers(string text)
    {
        var words = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = Array.ConvertAll(words, word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && AuditTest.Numbers.Contains(number) ? number : 0);
        return words.Length == 0 || found.Contains(0) ? null : found;
    }

    private static void Say(AuditResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn("test").AddColumn("outcome").AddColumn("worst");
        foreach (var test in result.Tests)
        {
            var worst = test.Lines.Where(line => line.State is not (null or AuditState.NotRun)).MaxBy(line => line.State);
            table.AddRow(
                test.Number.ToString(CultureInfo.InvariantCulture), test.Name.EscapeMarkup(), AuditReport.Word(test.State),
                (worst is null ? test.NotRun : string.Create(CultureInfo.InvariantCulture, $"{worst.Of}: {worst.Measure} {100 * worst.Value:F1} % (limit {100 * worst.Limit:F1} %)")).EscapeMarkup());
        }

        Screen.Human.Write(table);
        Screen.Say($"{result.Model}: {AuditReport.Word(result.State)}{result.InPart}. Synthetic films: nothing is claimed about real ones.");
    }
}
