using System.CommandLine;
using System.Globalization;
using BulkImplantScan.Assessment;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Inference;
using BulkImplantScan.Reporting;
using Spectre.Console;

namespace BulkImplantScan.Cli;

/// <summary><c>evaluate</c>: a run against labels → figures with intervals.</summary>
internal static class EvaluateVerb
{
    private const string Paper = "paper";
    private const int MostReplicates = 100_000, MostMaps = 10_000;

    public static Command Create()
    {
        var (run, json) = (Flags.RunArgument(), Flags.Json());
        var truth = new Option<string>("--truth") { Description = "CSV of labels: file, label; where known patient, side, frame, set, design, mask", HelpName = "CSV", Required = true };
        var films = new Option<string?>("--films") { Description = "folder that the paths of the labels start from (default: that of the CSV, else the archive's root)", HelpName = "DIR" };
        var trainedOn = new Option<string?>("--trained-on") { Description = "labels that the model was trained with: says which patients are in both", HelpName = "CSV" };
        var compare = new Option<string?>("--compare") { Description = "paper (the study's published figures), or another run over the same films", HelpName = "paper|RUN" };
        var model = new Option<string?>("--model") { Description = "the package that the run was scanned with: tries its Grad-CAMs (deletion, insertion, shuffled weights) on films that it reads again", HelpName = "DIR" };
        var maps = Flags.Checked(
            new Option<int>("--maps") { Description = "films at most whose maps are tried", HelpName = "N", DefaultValueFactory = _ => new EvaluationOptions().Maps },
            value => value is >= 1 and <= MostMaps ? null : $"--maps must be 1 to {MostMaps}");
        var folder = new Option<string?>("--out") { Description = "where to write (default: RUN/evaluation)", HelpName = "DIR" };
        var seed = new Option<ulong>("--seed") { Description = "of the bootstrap", HelpName = "N", DefaultValueFactory = _ => 1 };
        var replicates = Flags.Checked(
            new Option<int>("--bootstrap") { Description = "replicates", HelpName = "N", DefaultValueFactory = _ => new EvaluationOptions().Replicates },
            value => value is >= 100 and <= MostReplicates ? null : $"--bootstrap must be 100 to {MostReplicates}");
        var alpha = Flags.Checked(
            new Option<double?>("--alpha") { Description = "share of films that the model's conformal sets may miss (default: as the model says, else 0.05)", HelpName = "SHARE" },
            value => value is null or > 0 and < 1 ? null : "--alpha must lie between 0 and 1");
        var calibration = Flags.Checked(
            new Option<int?>("--calibration-films") { Description = "films of each class that its conformal threshold was chosen on (default: as the model says)", HelpName = "N" },
            value => value is null or >= 0 ? null : "--calibration-films must be 0 or more");
        var command = new Verb(
            "evaluate",
            "Judges a scanned run by labels: precision, sensitivity, specificity, F1, AUC by device, top-1, confusion, calibration, conformal sets, unknown " +
            "hardware, subgroups, each with intervals by film and by patient; films, hips and patients apart. Writes a page, Markdown and JSON. Exit code 3 when " +
            "labelled films are still to be scanned.",
            "./run.sh evaluate runs/hips --truth labels.csv --compare paper")
        { run, truth, films, trainedOn, compare, model, maps, folder, seed, replicates, alpha, calibration, json };
        command.SetAction((parsed, stop) =>
        {
            var other = parsed.GetValue(compare);
            var result = RunEvaluation.Of(parsed.GetRequiredValue(run), parsed.GetRequiredValue(truth), new()
            {
                Seed = parsed.GetValue(seed),
                Replicates = parsed.GetValue(replicates),
                Alpha = parsed.GetValue(alpha),
                CalibrationFilms = parsed.GetValue(calibration),
                FilmsFolder = parsed.GetValue(films),
                TrainedOn = parsed.GetValue(trainedOn),
                Model = parsed.GetValue(model) is { } package ? ModelPackage.Load(package) : null,
                Maps = parsed.GetValue(maps),
                ComparePaper = other == Paper,
                CompareRun = other == Paper ? null : other,
            }, stop);
            var written = Path.GetFullPath(parsed.GetValue(folder) ?? Path.Combine(parsed.GetRequiredValue(run), "evaluation"));
            EvaluationReport.Write(result, written);
            if (parsed.GetValue(json)) Screen.Json(Short(result));
            else Say(result);
            if (result.Training is { Patients: > 0 } training) Screen.Say(Text($"{training.Patients:N0} patients of the labels were trained on: these figures are too good"));
            if (result.Flow.NotInRun > 0) Screen.Say($"{result.Flow.NotInRun} of {result.Flow.Lines} lines of the labels name no film of the run");
            if (result.Flow.NotScanned > 0) Screen.Say($"{result.Flow.NotScanned} labelled films are still to be scanned");
            Screen.Say($"evaluation: {Path.Combine(written, EvaluationReport.HtmlName)}");
            return Task.FromResult(result.Flow.NotScanned > 0 ? ExitCode.Incomplete : ExitCode.Done);
        });
        return command;
    }

    private static void Say(EvaluationResult result)
    {
        var film = result.Levels[0];
        var table = new Table().Border(TableBorder.Simple).AddColumn("device");
        foreach (var column in (string[])["n", "precision", "sensitivity", "specificity", "F1", "AUC (95 %)"]) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var device in film.Devices)
        {
            table.AddRow(
                (device.Kind == "device" ? device.Name : "no implant").EscapeMarkup(), Text($"{device.N:N0}"), Percent(device.Precision.Value), Percent(device.Sensitivity.Value),
                Percent(device.Specificity.Value), Three(device.F1.Value), device.Auc.Value is null ? "–" : $"{Three(device.Auc.Value)} ({Three(device.Auc.Lo)}–{Three(device.Auc.Hi)})");
        }

        Screen.Human.Write(table);
        Screen.Say(Text($"{film.N:N0} films of {film.Patients:N0} patients; top-1 {Percent(film.Top1.Value)} (Wilson {100 * film.Top1.Lo:F1}–{100 * film.Top1.Hi:F1}, by patient {100 * film.Top1.PatientLo:F1}–{100 * film.Top1.PatientHi:F1})"));
        if (result.Paper is { } paper) Screen.Say(Text($"paper {paper.Top1Percent:F1} % | yours {Percent(film.Top1Devices.Value)} (films that show a device)"));
        if (result.Comparison is { } other) Screen.Say(Text($"this run {Percent(other.Top1)} | {other.OtherModel} {Percent(other.OtherTop1)}; McNemar p {Three(other.McnemarP)}, by patient {Three(other.ObuchowskiP)}"));
        Screen.Say(Text($"answered {Percent(result.Selective.Answered.Value)}, of those right {Percent(result.Selective.RightOfAnswered.Value)}; calibration error {Three(result.Calibration.Ece.Value)}"));
    }

    /// <summary>What scripts may rely on: every estimate has value, lo, hi.</summary>
    private static object Short(EvaluationResult result)
    {
        var film = result.Levels[0];
        var (covered, sets) = (result.Conformal.Sum(c => c.Covered), result.Conformal.Sum(c => c.N));
        var coverage = Wilson.Of(covered, sets);
        return new
        {
            film.N,
            Top1 = Bounds(film.Top1),
            Devices = film.Devices.Select(d => new
            {
                d.Id, d.Name, d.N, Precision = Bounds(d.Precision), Sensitivity = Bounds(d.Sensitivity), Specificity = Bounds(d.Specificity), F1 = Bounds(d.F1), Auc = Bounds(d.Auc),
            }),
            Ece = Bounds(result.Calibration.Ece),
            Coverage = sets == 0 ? null : Bounds(new(covered / (double)sets, coverage.Low, coverage.High)),
            UnknownAuroc = result.Unknown.Count == 0 ? null : Bounds(result.Unknown[0].Auroc),
            PointingGame = result.Localisation.Count == 0 ? null : Bounds(result.Localisation[0].PeakNear),
        };
    }

    private static object Bounds(Estimate e) => new { e.Value, Lo = e.Lo ?? e.BootstrapLo, Hi = e.Hi ?? e.BootstrapHi, e.PatientLo, e.PatientHi, e.BootstrapLo, e.BootstrapHi };

    private static string Percent(double? share) => EvaluationReport.Percent(share);

    private static string Three(double? figure) => EvaluationReport.Three(figure);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
