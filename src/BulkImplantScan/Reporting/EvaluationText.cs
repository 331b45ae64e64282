using System.Globalization;
using BulkImplantScan.Assessment;
using static BulkImplantScan.Reporting.EvaluationBlock;

namespace BulkImplantScan.Reporting;

/// <summary>An evaluation as a reader meets it, in plain text.</summary>
internal sealed class EvaluationText(EvaluationResult result)
{
    private const string Dash = "–";

    private readonly List<EvaluationBlock> _blocks = [];

    /// <summary>The pieces in the order in which they are read.</summary>
    public IReadOnlyList<EvaluationBlock> Write()
    {
        Head();
        foreach (var level in result.Levels) Level(level);
        if (result.Paper is { } paper) Paper(paper);
        Errors();
        Plots();
        Calibration();
        Selective();
        Conformal();
        Unknown();
        Localisation();
        if (result.Maps is { } maps) Maps(maps);
        if (result.Comparison is { } comparison) Comparison(comparison);
        Subgroups();
        Lists();
        Limits();
        return _blocks;
    }

    /// <summary>98.5 %; of none and all only 0.0 and 100.0.</summary>
    public static string Percent(double? share) => share is not { } value ? Dash
        : value is > 0 and < 0.0005 ? "< 0.1 %" : value is > 0.9995 and < 1 ? "> 99.9 %" : Text($"{100 * value:F1} %");

    /// <summary>0.985; 1.000 only of 1.</summary>
    public static string Three(double? figure) => figure is not { } value ? Dash
        : value is > 0.9995 and < 1 ? "> 0.999" : value is > 0 and < 0.0005 ? "< 0.001" : Text($"{value:F3}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Range(double? lo, double? hi, bool isPercent) => lo is null || hi is null ? Dash
        : isPercent ? Text($"{100 * Bound(lo.Value):F1}–{100 * Bound(hi.Value):F1}") : Text($"{Bound(lo.Value):F3}–{Bound(hi.Value):F3}");

    private static double Bound(double value) => value is > 0.9995 and < 1 ? 0.999 : value; // cut, not rounded to certainty

    /// <summary>Value [units] [patients].</summary>
    private static string Share(Estimate e) => e.Value is null ? Dash : $"{Percent(e.Value)} [{Range(e.Lo, e.Hi, true)}] [{Range(e.PatientLo, e.PatientHi, true)}]";

    private static string Figure(Estimate e) => e.Value is null ? Dash : $"{Three(e.Value)} [{Range(e.Lo, e.Hi, false)}] [{Range(e.PatientLo, e.PatientHi, false)}]";

    private static string Bootstrapped(Estimate e, bool isPercent) => e.Value is null ? Dash
        : $"{(isPercent ? Percent(e.Value) : Three(e.Value))} [{Range(e.BootstrapLo, e.BootstrapHi, isPercent)}]";

    private static string Named(Estimate e) => e.Value is null ? Dash
        : $"{Percent(e.Value)} [{Range(e.Lo, e.Hi, true)}, Wilson] [{Range(e.PatientLo, e.PatientHi, true)}, Wilson by patient] [{Range(e.BootstrapLo, e.BootstrapHi, true)}, bootstrap by patient]";

    private static string P(double? p) => p is not { } value ? Dash : value < 0.001 ? "< 0.001" : Text($"{value:F3}");

    private static string Short(string key) => key.Length > 8 ? key[..8] : key;

    private void Say(string text) => _blocks.Add(new Paragraph(text));

    private void Head()
    {
        var flow = result.Flow;
        _blocks.Add(new Heading("Evaluation against labels"));
        _blocks.Add(new Warning("Research software, not a medical device. The figures hold for films like the labelled ones; of a model or labels of synthetic films nothing is claimed about real ones."));
        Say($"Model {result.Model.Name} (SHA-256 {Short(result.Model.Sha256)}), labels of SHA-256 {Short(result.TruthSha256)}.");
        _blocks.Add(new Table(["where the labelled films went", "number"],
        [
            ["lines of labels", Count(flow.Lines)], ["lines whose file is not in the run", Count(flow.NotInRun)], ["films found", Count(flow.Films)],
            ["not scanned yet", Count(flow.NotScanned)],
            ["left out: hips with labels of their own on films that were judged as a whole", Count(flow.Together)],
            ["left out: hips judged apart, whose label does not say of which it is", Count(flow.WithoutHip)], ["left out: copies of a labelled film", Count(flow.Copies)],
            ["left out: labelled broken (of them rejected or failed, as they should be)", $"{Count(flow.Broken)} ({Count(flow.BrokenRefused)})"],
            ["evaluated: of the model's classes", Count(flow.Known)], ["evaluated: unknown hardware", Count(flow.Unknown)], ["patients", Count(flow.Patients)],
            ["rows of the run without a label: not evaluated", Count(flow.Unlabelled)],
        ]));
        if (result.Training is { } training)
        {
            var overlap = $"{Count(training.Patients)} patients ({Count(training.Lines)} lines) are also in the labels that the model was trained with (SHA-256 {Short(training.TrainingSha256)}); {Count(training.WithoutPatient)} lines of both do not say their patient.";
            _blocks.Add(training.Patients > 0 ? new Warning($"{overlap} These figures are too good: leave those patients out.") : new Paragraph(overlap));
        }

        if (flow.NotScanned > 0) _blocks.Add(new Warning($"{Count(flow.NotScanned)} labelled films are not scanned yet: these figures are not final."));
        if (flow.Together > 0) _blocks.Add(new Warning($"{Count(flow.Together)} labels are of one hip of a film that was judged as a whole, so they are left out, whatever the answer was. A scan with --regions auto judges the hips of a pelvis one by one."));
        if (flow.ContradictingCopies > 0) _blocks.Add(new Warning($"{Count(flow.ContradictingCopies)} copies of a film have another label than the film: one of both is wrong."));
        if (flow.WithoutPatient > 0) _blocks.Add(new Warning($"{Count(flow.WithoutPatient)} films have no patient, and count as patients of their own: intervals by patient are too narrow if some are of one person."));
        if (flow.PatientsOfSeveralIds > 0) Say($"{Count(flow.PatientsOfSeveralIds)} patients of the labels have films of several Patient IDs; the labels are believed.");
        Say(Text($"Two 95 % intervals stand behind a figure. The first takes films (hips) as independent: Wilson for shares, DeLong for areas, or Newcombe's score interval where fewer than {LevelFigures.LeastMisplaced} positives or negatives are misplaced. ") +
            "The second takes patients as independent: Wilson's and Newcombe's of the effective number of films. " +
            Text($"Where there is one only, it is the bootstrap's: percentiles of {result.Replicates} samples of patients (seed {result.Seed}), too narrow where errors are few; evaluation.json has it for all figures."));
    }

    private void Level(LevelFigures level)
    {
        _blocks.Add(new Heading(level.Level switch { "film" => "Films", "hip" => "Hips (patient × side × device)", _ => "Patients" }));
        if (level.N == 0)
        {
            Say("None.");
            return;
        }

        Say(level.Level switch
        {
            "film" => "The answer is the class of the largest probability, thresholds ignored. Rejected and failed films have none: they are errors in every share, and in no area. Unknown hardware is not in these tables.",
            "hip" => "All films of one side of one patient that show the same; the answer is that of the mean of their probabilities. Films without a side are not in this table.",
            _ => "A patient has a device where any hip has it, and is called so where any hip is. Top-1: all hips of the patient are right.",
        });
        Say(level.Level == "patient" ? $"{Count(level.N)} patients." : $"{Count(level.N)} {level.Level}s of {Count(level.Patients)} patients.");
        Say($"Overall TOP-1 accuracy: {Named(level.Top1)}" + (level.DesignEffect is { } design ? Text($"; design effect of patients {design:F2}") : ""));
        Say($"TOP-1 accuracy of those that show a device: {Named(level.Top1Devices)}");
        Say($"Mean one-vs-rest accuracy (not TOP-1: it is higher for arithmetic alone): {Bootstrapped(level.MeanOneVersusRestAccuracy, true)}");
        var lines = level.Devices.Select(device => (string[])
        [
            device.Kind == "device" ? $"{device.Name} ({device.Id})" : "no implant", Count(device.N), Share(device.Precision), Share(device.Sensitivity), Share(device.Specificity), Figure(device.F1),
            Figure(device.Auc) + (device.Auc.Value is null ? "" : $" {Count(device.Scored)}/{Count(device.OthersScored)}"),
        ]).ToList();
        lines.Add(["macro (devices)", "", .. Means(level.Macro)]);
        lines.Add(["weighted (devices)", "", .. Means(level.Weighted)]);
        _blocks.Add(new Table(["Device (manufacturer, model)", $"n {level.Level}s", "Precision", "Sensitivity", "Specificity", "F1", "AUC, with/without"], lines));
        if (level.WorstDevice is { } worst && level.Devices.First(device => device.Id == worst) is var found)
            Say($"Worst device: {found.Name} ({found.Id}), sensitivity {Share(found.Sensitivity)}. Micro averages equal TOP-1 where every {level.Level} has an answer.");
    }

    private static string[] Means(IReadOnlyDictionary<string, Estimate> means) =>
    [
        Bootstrapped(means["precision"], true), Bootstrapped(means["sensitivity"], true), Bootstrapped(means["specificity"], true), Bootstrapped(means["f1"], false), Bootstrapped(means["auc"], false),
    ];

    private void Paper(PaperReference paper)
    {
        var film = result.Levels[0];
        var devices = film.Devices.Where(device => device.Kind == "device").ToArray();
        _blocks.Add(new Heading("Beside the study"));
        Say($"{paper.Source}. {paper.Design}, {paper.Period}; {paper.Split}. Other films, other devices: the columns stand side by side for scale, their difference means nothing.");
        _blocks.Add(new Table(["films", "paper", "yours"],
        [
            ["Images: total N (P patients)", $"{Count(paper.Films)} ({Count(paper.Patients)})", Text($"{film.N:N0} ({film.Patients:N0}) evaluated")],
            ["training | validation | test", $"{Count(paper.Training)} | {Count(paper.Validation)} | {Count(paper.Test)}", $"to be stated | to be stated | {Count(film.N)}"],
            ["devices", Count(paper.Classes), Count(devices.Length)],
            ["Overall TOP-1 accuracy, films of devices", Text($"{paper.Top1Percent:F1}%"), film.Top1Devices.Value is { } top1 ? Text($"{100 * top1:F1}%") : Dash],
            ["its 95 % interval", PaperReference.NotReported, $"{Range(film.Top1Devices.Lo, film.Top1Devices.Hi, true)} Wilson; {Range(film.Top1Devices.BootstrapLo, film.Top1Devices.BootstrapHi, true)} bootstrap by patient"],
            ["AUC per device, each in its own order (the paper's devices are not named)", string.Join(", ", paper.Auc.Select(auc => Text($"{auc:F3}"))), string.Join(", ", devices.Select(device => Three(device.Auc.Value)))],
            .. ((string, Func<DeviceFigures, Estimate>)[])[("precision", d => d.Precision), ("sensitivity", d => d.Sensitivity), ("specificity", d => d.Specificity)]
                is var shares ? shares.Select(of => (string[])[$"{of.Item1} per device", PaperReference.NotReported, string.Join(", ", devices.Select(device => Percent(of.Item2(device).Value)))]) : [],
            ["F1 per device", PaperReference.NotReported, string.Join(", ", devices.Select(device => Three(device.F1.Value)))],
            ["films per device; confusion matrix", PaperReference.NotReported, "above; below"],
        ]));
    }

    private void Errors()
    {
        _blocks.Add(new Heading("Which are confused"));
        _blocks.Add(new Matrix("By the largest probability, thresholds ignored: rows show, columns are called", result.Confusion));
        _blocks.Add(new Matrix("As the engine answers, with what it does not answer", result.ConfusionAnswered));
        if (result.MostConfused.Count > 0)
        {
            _blocks.Add(new Table(["shows", "called", "films"], [.. result.MostConfused.Select(pair => (string[])[pair.Truth, pair.Answer, Count(pair.Films)])], 2));
            Say("Most confused pairs. evaluation.json lists the wrong films by pseudonym, the most confident first.");
        }
    }

    private void Plots()
    {
        var curves = result.Roc.Where(curve => curve.TruePositiveRate.Count > 0).ToArray();
        if (curves.Length == 0) return;
        var colours = ChartColours.Devices;
        var roc = new LinePlot("ROC curve per class, one against the rest, films", "1 − specificity", "sensitivity", 1, true,
        [
            .. curves.Select((curve, i) => new LinePlotSeries(
                curve.Id, colours[Math.Min(i, colours.Count - 1)], [.. curve.FalsePositiveRate.Zip(curve.TruePositiveRate)], [])),
        ]);
        var bins = result.Calibration.Bins;
        var reliability = new LinePlot("Reliability: dots as large as their films are many", "probability of the answer", "share right", 1, true,
            [new("15 bins of equal width", "identified", [.. bins.Select(bin => (bin.Confidence, bin.Accuracy))], [.. bins.Select(bin => Math.Max(8, 900.0 * bin.Films / result.Calibration.N))])]);
        var (coverage, risk) = (result.Selective.Coverage, result.Selective.Risk);
        var top = risk.Count == 0 ? 0 : risk.Max();
        var selective = new LinePlot("Risk over coverage, the most confident films kept longest", "share of films kept", "errors among those kept", top > 0.5 ? 1 : top > 0.2 ? 0.5 : top > 0.05 ? 0.2 : 0.05, false,
            [new("films", "identified", [.. coverage.Zip(risk)], [])]);
        _blocks.Add(new Heading("Curves"));
        _blocks.Add(new EvaluationBlock.Plots([roc, reliability, selective]));
    }

    private void Calibration()
    {
        var calibration = result.Calibration;
        _blocks.Add(new Heading("Do probabilities mean what they say?"));
        Say(Text($"{calibration.N:N0} films of the model's classes with probabilities."));
        _blocks.Add(new Table(["figure", "value [bootstrap by patient]"],
        [
            ["expected calibration error, 15 bins of equal width", Bootstrapped(calibration.Ece, false)],
            ["Brier score, all classes (0 best, 2 worst)", Bootstrapped(calibration.Brier, false)],
            ["log loss (nats)", Bootstrapped(calibration.Nll, false)],
        ]));
        Say("The calibration error is biased upwards in small sets, and so is its interval; read it beside the other two.");
    }

    private void Selective()
    {
        var selective = result.Selective;
        _blocks.Add(new Heading("What abstaining buys"));
        _blocks.Add(new Table(["films of the model's classes", "value [films] [patients]"],
        [
            ["answered: identified or none", Share(selective.Answered)], ["of those answered, right", Share(selective.RightOfAnswered)], ["of all, answered and right", Share(selective.RightOfAll)],
            ["AURC", Bootstrapped(selective.Aurc, false)], ["AUGRC", Bootstrapped(selective.Augrc, false)],
        ]));
    }

    private void Conformal()
    {
        _blocks.Add(new Heading("Conformal sets"));
        if (result.Conformal.Count == 0)
        {
            Say("No film has a set: the model has no conformal thresholds.");
            return;
        }

        _blocks.Add(new Table(["class", "films", "calibrated on", "covered", "tolerated by chance", "coverage [films] [patients]", "classes a set", "empty", "of one class"],
        [
            .. result.Conformal.Select(c => (string[])
            [
                c.Id, Count(c.N), c.CalibrationFilms > 0 ? Count(c.CalibrationFilms) : Dash, Count(c.Covered), $"{Count(c.Low)}–{Count(c.High)}{(c.IsTooFew ? " (fewer)" : "")}", Share(c.Coverage),
                c.MeanSize is { } size ? Text($"{size:F2}") : Dash, Count(c.Empty), Count(c.Single),
            ]),
        ]));
        Say(Text($"Promised: at least {100 * (1 - result.Alpha):F1} % of each class, if films are exchangeable with those of calibration; films of one patient are not exchangeable, so coverage may stray further. ") + "Tolerance: central 95 % of the beta-binomial law of the films that the class was calibrated on" +
            (result.Conformal.Any(c => c.CalibrationFilms == 0) ? "; where their number is not known (–) of the binomial law, which is narrower (--calibration-films says it)." : "."));
    }

    private void Unknown()
    {
        _blocks.Add(new Heading("Unknown hardware"));
        if (result.Unknown.Count == 0)
        {
            Say("No film is labelled unknown.");
            return;
        }

        _blocks.Add(new Table(["unknown films", "score", "n", "AUROC [films] [patients]", "unknown that pass where 95 % of known pass", "known refused where 95 % of unknown are"],
        [
            .. result.Unknown.Select(u => (string[])
            [
                u.Column is null ? u.Group : $"{u.Column} {u.Group}", u.Score.Replace('_', ' '), $"{Count(u.N)}/{Count(u.Known)}", Figure(u.Auroc),
                $"{Percent(u.UnknownPassedAt95Known.Value)} [{Range(u.UnknownPassedAt95Known.Lo, u.UnknownPassedAt95Known.Hi, true)}]",
                $"{Percent(u.KnownRefusedAt95Unknown.Value)} [{Range(u.KnownRefusedAt95Unknown.Lo, u.KnownRefusedAt95Unknown.Hi, true)}]",
            ]),
        ], 2));
        _blocks.Add(new Table(["what the engine calls them", "a device of its catalogue [films] [patients]", "free of implants [films] [patients]"],
        [
            .. result.Unknown.DistinctBy(u => (u.Column, u.Group)).Select(u => (string[])[u.Column is null ? u.Group : $"{u.Column} {u.Group}", Share(u.CalledDevice), Share(u.CalledNone)]),
        ]));
        Say("Scores: larger = more unlike what the model knows. Both readings of \"FPR at 95 % TPR\" are given; their intervals take the threshold as fixed.");
    }

    private void Localisation()
    {
        _blocks.Add(new Heading("Where the network looked"));
        if (result.Localisation.Count == 0)
        {
            Say("No labelled film of a device has a mask.");
            return;
        }

        _blocks.Add(new Table(["class", "films", "peak on the device [films] [patients]", "within 3 % of the side [films] [patients]", "of the map on the device", "of the film that is device"],
        [
            .. result.Localisation.Select(l => (string[])[l.Id ?? "all devices", Count(l.N), Share(l.Peak), Share(l.PeakNear), Percent(l.Energy), Percent(l.MaskShare)]),
        ]));
        Say("Grad-CAM of the answer given, right or wrong, against the mask of the device (pointing game, Zhang 2018; energy, Wang 2020). A map that says nothing lies on the device in the share of the last column. Cells of the map are coarse: " +
            "that the peak is near is the most that it can show. That a map lies on the device does not prove that the network decided by it.");
    }

    private void Maps(MapFigures maps)
    {
        _blocks.Add(new Table(["the maps put to the test", "films", "mean", "95 %"],
        [
            Row("deletion: sooner the answer goes when hidden by the map than at random", maps.Deletion), Row("insertion: sooner it comes when shown by the map than at random", maps.Insertion),
            .. maps.Likeness.Select(l => Row(Text($"likeness of the map when {(l.Shuffled == 1 ? "all layers are" : $"the last {100 * l.Shuffled:F0} % of layers are")} shuffled"), l.Correlation)),
        ]));
        Say(Text($"{maps.N:N0} films of devices, one a patient{(maps.Unreadable > 0 ? $"; {maps.Unreadable:N0} could not be read again as they were" : "")}. Deletion and insertion (Petsiuk 2018) are differences of areas under probability by share of cells, −1 to 1: ") +
            "above 0 the answer hangs on what the map shows. Likeness is Spearman's correlation (Adebayo 2018): a map that stays when all is forgotten shows the film, not what was learned.");

        static string[] Row(string of, MeanFigure mean) => [of, Count(mean.N), mean.Value is { } value ? Text($"{value:F3}") : Dash, mean.Lo is null ? Dash : Text($"{mean.Lo:F3} to {mean.Hi:F3}")];
    }

    private void Comparison(RunComparison comparison)
    {
        _blocks.Add(new Heading("Beside another run"));
        Say(Text($"Other model: {comparison.OtherModel} (SHA-256 {Short(comparison.OtherSha256)}); {comparison.N:N0} films of the model's classes in both runs, {comparison.InOneOnly:N0} in one only."));
        _blocks.Add(new Table(["largest probability", "this run", "the other"],
        [
            ["TOP-1", Percent(comparison.Top1), Percent(comparison.OtherTop1)], ["right here only", Count(comparison.OnlyThis), Count(comparison.OnlyOther)],
        ]));
        _blocks.Add(new Table(["test of equal TOP-1", "p"],
        [
            ["McNemar, exact, films independent", P(comparison.McnemarP)], ["Obuchowski, by patient", P(comparison.ObuchowskiP)], ["Durkalski, by patient", P(comparison.DurkalskiP)],
        ]));
        if (comparison.Regions is { } gain)
        {
            _blocks.Add(new Table(["hips of AP pelves", "judged one by one (this run)", "as whole films (the other)"],
            [
                [Text($"TOP-1 of {gain.N:N0} hips"), Percent(gain.Top1), Percent(gain.WholeTop1)], ["right here only", Count(gain.OnlyHips), Count(gain.OnlyWhole)],
            ]));
            Say($"McNemar, exact, hips independent: p {P(gain.McnemarP)}; Obuchowski, by patient: p {P(gain.ObuchowskiP)}. The answer for a whole film stands for both of its hips, so where they differ one is wrong.");
        }

        _blocks.Add(new Table(["class", "films", "AUC here", "AUC there", "difference, 95 % by patient", "p by film (DeLong)", "p by patient (Obuchowski)"],
        [
            .. comparison.Devices.Select(d => (string[])[d.Id, Count(d.N), Three(d.Auc), Three(d.OtherAuc), d.DifferenceLo is null ? Dash : Text($"{d.DifferenceLo:+0.000;−0.000;0.000} to {d.DifferenceHi:+0.000;−0.000;0.000}"), P(d.P), P(d.PatientP)]),
        ]));
        Say("Each p of areas is of one class: with several classes some are small by chance. Near an area of 1 standard errors rest on a few films, and no p should be leaned on.");
    }

    private void Subgroups()
    {
        _blocks.Add(new Heading("By what the headers say"));
        if (result.Subgroups.Count == 0)
        {
            Say("Nothing is known of the films.");
            return;
        }

        _blocks.Add(new Table(["by", "value", "films", "patients", "TOP-1 [films] [patients]", "answered [films] [patients]", ""],
        [
            .. result.Subgroups.Select(g => g.IsSuppressed
                ? (string[])[g.By, g.Value ?? "not known", "◦", "◦", "◦", "◦", "suppressed"]
                : [g.By, g.Value is null ? "not known" : g.By == "site" ? Short(g.Value) : g.Value, Count(g.N!.Value), Count(g.Patients!.Value), Share(g.Top1), Share(g.Answered), g.IsWorst ? "worst" : ""]),
        ], 2));
        Say($"Films of the model's classes. The worst of at least {SubgroupFigures.LeastFilms} films of each kind is marked; with many values chance alone makes one look bad. Sex and age of fewer than {SubgroupFigures.LeastPatients} patients are suppressed.");
    }

    private void Lists()
    {
        _blocks.Add(new Heading("Reporting checklists"));
        Say("Shortened, grouped and in our own words. What the program itself found out is filled in; everything else is for the authors.");
        foreach (var list in result.Checklists)
            _blocks.Add(new Table([list.Name, "what this program verified"], [.. list.Items.Select(item => (string[])[item.Asks, item.Verified ?? ChecklistItem.ToBeStated])], 2));
    }

    private void Limits()
    {
        _blocks.Add(new Heading("What these figures do not say"));
        Say("How the model does on other films: of another hospital, machine, year or case mix. Precision holds for this share of devices only. Whether a training film is of the same patient as one of these: the run does not know what the model was trained on. " +
            "Whether the labels are right. AUC and specificity say little where a device is rare.");
    }
}
