using BulkImplantScan.Assessment;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Reporting;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Evaluation;
using BulkImplantScan.Tests.Registry;
using CsCheck;

namespace BulkImplantScan.Tests.Assessment;

public sealed class RunEvaluationTests : IDisposable
{
    private static readonly float[] A = [0.9f, 0.05f, 0.03f, 0.02f], B = [0.1f, 0.8f, 0.06f, 0.04f], None = [0.1f, 0.1f, 0.7f, 0.1f], Unknown = [0.1f, 0.1f, 0.1f, 0.7f];

    private readonly LabelledRuns _runs = new();

    [Fact]
    public void Figures_of_films_are_those_of_sklearn()
    {
        // Four classes of one kind, 200 films, one a patient.
        var cells = OracleValues.Lines("judged").Single();
        var (truth, p) = (Array.ConvertAll(OracleValues.Numbers(cells[2]), t => (int)t), OracleValues.Numbers(cells[3]).Chunk(4).ToArray());
        RunClass[] classes = [.. Enumerable.Range(0, 4).Select(c => new RunClass($"c{c}", "device", "Maker", $"Model {c}"))];
        LabelledFilm[] films = [.. truth.Select((t, i) => new LabelledFilm
        {
            FilmKey = "", Place = (i, 1), Truth = t, Patient = i, Status = "identified", Top = Array.IndexOf(p[i], p[i].Max()), Probabilities = p[i], Facts = [],
        })];
        var level = LevelFigures.Of("film", JudgedUnit.Films(films, 4), classes, LabelledRuns.Quick);
        foreach (var (name, means) in ((string, IReadOnlyDictionary<string, Estimate>)[])[("macro", level.Macro), ("weighted", level.Weighted)])
        {
            var expected = OracleValues.Lines("means").Single(line => line[1] == name);
            foreach (var (figure, cell) in ((string, int)[])[("precision", 2), ("sensitivity", 3), ("f1", 4), ("auc", 5)])
                Assert.Equal(OracleValues.Number(expected[cell]), means[figure].Value!.Value, 1e-9);
        }

        foreach (var line in OracleValues.Lines("area"))
            Assert.Equal(OracleValues.Number(line[2]), level.Devices[(int)OracleValues.Number(line[1])].Auc.Value!.Value, 1e-9);
        Assert.Equal(level.Weighted["sensitivity"].Value!.Value, level.Top1.Value!.Value, 1e-12); // shares weighted by their own n are one share
        Assert.Equal(1 - 2 * (1 - level.Top1.Value.Value) / 4, level.MeanOneVersusRestAccuracy.Value!.Value, 1e-12); // CLINICAL §7
    }

    [Fact]
    public void Patients_that_were_trained_on_are_counted_and_never_named()
    {
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1"), LabelledRuns.Film(1, B, "p2"), LabelledRuns.Film(2, B, "p3"));
        var labels = _runs.Labels("file,label,patient", "films/0,a,Jane Roe", "films/1,b,JOHN ZWEISTEIN", "films/2,b,");
        var training = _runs.Labels("file,label,patient", "x/1.dcm,whatever,John Zweistein", "x/2.dcm,a,Somebody", "x/3.dcm,a,");
        var result = RunEvaluation.Of(run, labels, LabelledRuns.Quick with { TrainedOn = training });
        Assert.Equal((1, 1, 2), (result.Training!.Patients, result.Training.Lines, result.Training.WithoutPatient));
        Assert.All(
            (string[])["STARD-AI", "CLAIM"],
            name => Assert.Contains(result.Checklists.Single(list => list.Name == name).Items, item => item.Verified?.StartsWith("1 patients of the labels (1 lines)", StringComparison.Ordinal) == true));
        var folder = _runs["overlap"];
        EvaluationReport.Write(result, folder);
        foreach (var file in Directory.GetFiles(folder))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("zweistein", text, StringComparison.OrdinalIgnoreCase);
            if (Path.GetExtension(file) is ".html" or ".md") Assert.Contains("These figures are too good", text, StringComparison.Ordinal);
        }

        Assert.Null(RunEvaluation.Of(run, labels, LabelledRuns.Quick).Training);
    }

    [Fact]
    public void Classes_in_another_order_have_the_same_figures() =>
        Gen.Select(Gen.Int[0, 2], Gen.Double[0.1, 1].Array[3].Where(p => p.Max() - p.Order().ElementAt(1) > 1e-6), Gen.Int[0, 8]).Array[4, 30].Sample(films =>
        {
            LevelFigures Of(int[] order)
            {
                LabelledFilm[] labelled = [.. films.Select((film, i) =>
                {
                    double[] p = [.. order.Select(c => film.Item2[c] / film.Item2.Sum())];
                    return new LabelledFilm { FilmKey = "", Place = (i, 1), Truth = Array.IndexOf(order, film.Item1), Patient = film.Item3, Status = "identified", Top = Array.IndexOf(p, p.Max()), Probabilities = p, Facts = [] };
                })];
                return LevelFigures.Of("film", JudgedUnit.Films(labelled, 3), [.. order.Select(c => new RunClass($"c{c}", "device", null, null))], new() { Replicates = 20 });
            }

            var (one, other) = (Of([0, 1, 2]), Of([2, 0, 1]));
            Assert.Equal(one.Top1, other.Top1);
            foreach (var device in one.Devices)
            {
                var same = other.Devices.Single(d => d.Id == device.Id);
                Assert.Equal((device.N, device.Precision, device.Sensitivity, device.F1), (same.N, same.Precision, same.Sensitivity, same.F1));
                Assert.Equal(device.Auc.Value ?? -1, same.Auc.Value ?? -1, 1e-12);
            }
        }, iter: 30);

    [Fact]
    public void Failed_and_rejected_films_are_errors_in_shares_and_in_no_area()
    {
        var result = Evaluate(
            [LabelledRuns.Film(0, A, "p1"), SmallRun.Row(1, FilmStatus.Failed, patient: "p2"), SmallRun.Row(2, FilmStatus.Rejected, patient: "p3"), LabelledRuns.Film(3, B, "p4")],
            "films/0,a", "films/1,a", "films/2,a", "films/3,b");
        var (film, a) = (result.Levels[0], result.Levels[0].Devices[0]);
        Assert.Equal(0.5, film.Top1.Value);
        Assert.Equal((3, 1, 1), (a.N, a.Scored, a.OthersScored));
        Assert.Equal((1 / 3.0, 1.0, 1.0), (a.Sensitivity.Value, a.Precision.Value, a.Auc.Value));
        Assert.Equal([1, 0, 0, 0, 2], result.Confusion.Films[0]);
        Assert.Equal([1, 0, 0, 0, 0, 1, 1], result.ConfusionAnswered.Films[0]);
    }

    [Fact]
    public void Every_film_is_in_one_cell_of_either_matrix()
    {
        var result = Evaluate(
            [
                LabelledRuns.Film(0, A, "p1"), LabelledRuns.Film(1, B, "p2", status: FilmStatus.Abstained), LabelledRuns.Film(2, Unknown, "p3"), LabelledRuns.Film(3, None, "p4"),
                LabelledRuns.Film(4, A, "p5"), SmallRun.Row(5, FilmStatus.Failed, patient: "p6"),
            ],
            "films/0,a", "films/1,a", "films/2,b", "films/3,none", "films/4,unknown", "films/5,unknown");
        Assert.Equal(6, result.Confusion.Films.Sum(row => row.Sum()));
        Assert.Equal(6, result.ConfusionAnswered.Films.Sum(row => row.Sum()));
        Assert.Equal(["a", "b", "none", "unknown"], result.Confusion.Rows);
        Assert.Equal([1, 0, 0, 0, 0, 0, 1], result.ConfusionAnswered.Films[3]); // unknown: one called a, one failed
        Assert.Equal([1, 1, 0, 0, 0], result.Confusion.Films[0]);
        Assert.Equal(("b", "unknown"), (result.MostConfused.First(pair => pair.Truth == "b").Truth, result.MostConfused.First(pair => pair.Truth == "b").Answer));
    }

    [Fact]
    public void Films_hips_and_patients_are_three_counts()
    {
        // p1: left a (two films, of which the mean of probabilities is right), right b. p2: left a, no side b.
        var result = Evaluate(
            [
                LabelledRuns.Film(0, A, "p1"), LabelledRuns.Film(1, [0.4f, 0.5f, 0.05f, 0.05f], "p1"), LabelledRuns.Film(2, B, "p1", side: "R"),
                LabelledRuns.Film(3, B, "p2"), LabelledRuns.Film(4, B, "p2", side: "B"),
            ],
            "films/0,a", "films/1,a", "films/2,b", "films/3,a", "films/4,b");
        var (film, hip, patient) = (result.Levels[0], result.Levels[1], result.Levels[2]);
        Assert.Equal((5, 3, 2), (film.N, hip.N, patient.N));
        Assert.Equal((3 / 5.0, 2 / 3.0, 1 / 2.0), (film.Top1.Value, hip.Top1.Value, patient.Top1.Value));
        Assert.Equal((2, 2), (patient.Devices[0].N, patient.Devices[1].N)); // both have both
        Assert.Equal((0.5, 1.0), (patient.Devices[0].Sensitivity.Value, patient.Devices[1].Sensitivity.Value));
    }

    [Fact]
    public void Perfect_answers_are_never_certain()
    {
        FilmRow[] rows = [.. Enumerable.Range(0, 20).Select(i => LabelledRuns.Film(i, i % 2 == 0 ? A : B, $"p{i / 2}"))];
        var level = Evaluate(rows, [.. rows.Select((_, i) => $"films/{i},{(i % 2 == 0 ? "a" : "b")}")]).Levels[0];
        Assert.Equal(Wilson.Of(20, 20), new Interval(level.Top1.Lo!.Value, level.Top1.Hi!.Value));
        Assert.Equal((Wilson.Of(10, 10).Low, "wilson_effective"), (level.Top1.PatientLo!.Value, level.Top1.PatientMethod));
        foreach (var device in level.Devices.Where(d => d.N > 0))
        {
            Assert.Equal(1, device.Auc.Value);
            Assert.Equal(("newcombe", "newcombe_effective"), (device.Auc.Method, device.Auc.PatientMethod));
            Assert.Null(device.Auc.BootstrapLo); // no draw has an error: such an interval would have no width
            foreach (var estimate in (Estimate[])[device.Precision, device.Sensitivity, device.Specificity, device.F1, device.Auc])
                Assert.True(estimate.Hi - estimate.Lo > 0.05 && estimate.PatientHi - estimate.PatientLo > 0.05);
        }
    }

    [Fact]
    public void A_class_without_films_has_no_sensitivity_and_no_area_and_is_in_no_mean()
    {
        var level = Evaluate([LabelledRuns.Film(0, A, "p1"), LabelledRuns.Film(1, B, "p2")], "films/0,a", "films/1,a").Levels[0];
        var b = level.Devices[1];
        Assert.Equal((0, null, null, 0.0, 0.5), (b.N, b.Sensitivity.Value, b.Auc.Value, b.Precision.Value, b.Specificity.Value));
        Assert.Equal(level.Devices[0].Sensitivity.Value, level.Macro["sensitivity"].Value);
        Assert.Null(level.Devices[0].Auc.Value); // nor has the only class that there is
        Assert.Null(level.Devices[0].Specificity.Value);
    }

    [Fact]
    public void Films_of_unknown_hardware_alone_leave_the_tables_empty()
    {
        var result = Evaluate([LabelledRuns.Film(0, A, "p1")], "films/0,unknown");
        Assert.All(result.Levels, level => Assert.Equal((0, null), (level.N, level.Top1.Value)));
        Assert.Equal((0, null), (result.Calibration.N, result.Calibration.Ece.Value));
        Assert.Null(result.Unknown[0].Auroc.Value);
        Assert.Equal(1.0, result.Unknown[0].CalledDevice.Value);
    }

    [Fact]
    public void A_run_of_which_nothing_is_scanned_yet_has_no_figure()
    {
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1"));
        Directory.Delete(Path.Combine(run, "parts"), recursive: true);
        var result = RunEvaluation.Of(run, _runs.Labels("file,label", "films/0,a"), LabelledRuns.Quick);
        Assert.Equal((1, 1, 0, 0), (result.Flow.Films, result.Flow.NotScanned, result.Flow.Known, result.Flow.Patients));
        Assert.All(result.Levels, level => Assert.Equal((0, null), (level.N, level.Top1.Value)));
        Assert.Empty(result.Subgroups);
    }

    [Fact]
    public void A_run_without_any_answer_is_all_errors()
    {
        var result = Evaluate([SmallRun.Row(0, FilmStatus.Failed), SmallRun.Row(1, FilmStatus.Rejected)], "films/0,a", "films/1,b");
        Assert.Equal((0.0, null, null), (result.Levels[0].Top1.Value, result.Levels[0].Devices[0].Precision.Value, result.Calibration.Brier.Value));
        Assert.Equal(0.0, result.Selective.Answered.Value);
        Assert.Equal((0, null), (result.Selective.N, result.Selective.Aurc.Value));
        Assert.Empty(result.Conformal);
    }

    [Fact]
    public void A_row_without_the_probabilities_of_its_answer_is_no_answer()
    {
        var result = Evaluate([SmallRun.Row(0, FilmStatus.Identified, "a"), LabelledRuns.Film(1, A, "p2") with { Probabilities = [1] }], "films/0,a", "films/1,a");
        Assert.Equal((0.0, 2), (result.Levels[0].Top1.Value, result.ConfusionAnswered.Films[0][^1]));
    }

    [Fact]
    public void Brier_and_log_loss_are_those_of_the_definitions()
    {
        var result = Evaluate([LabelledRuns.Film(0, [0.7f, 0.2f, 0.1f, 0], "p1"), LabelledRuns.Film(1, [0.5f, 0.5f, 0, 0], "p2")], "films/0,a", "films/1,none");
        Assert.Equal((0.09 + 0.04 + 0.01 + 0.25 + 0.25 + 1) / 2, result.Calibration.Brier.Value!.Value, 1e-7); // single precision
        Assert.Equal((-Math.Log(0.7) + 103.27892990343185) / 2, result.Calibration.Nll.Value!.Value, 1e-6); // p = 0 costs the least number above 0
    }

    [Fact]
    public void Conformal_sets_are_counted_by_class_and_too_little_coverage_is_told()
    {
        FilmRow[] rows = [.. Enumerable.Range(0, 40).Select(i => LabelledRuns.Film(i, A, $"p{i}", set: i < 20 ? ["a", "b"] : i < 30 ? ["a"] : []))];
        var sets = Evaluate(rows, [.. rows.Select((_, i) => $"films/{i},{(i % 2 == 0 ? "a" : "b")}")]).Conformal;
        Assert.Equal(("a", 20, 15, true), (sets[0].Id, sets[0].N, sets[0].Covered, sets[0].IsTooFew));
        Assert.Equal((1.25, 5, 5), (sets[0].MeanSize, sets[0].Empty, sets[0].Single));
        Assert.Equal(("b", 10), (sets[1].Id, sets[1].Covered));
    }

    [Fact]
    public void How_many_films_a_class_was_calibrated_on_the_model_says_or_the_user()
    {
        FilmRow[] rows = [.. Enumerable.Range(0, 60).Select(i => LabelledRuns.Film(i, A, $"p{i}", set: ["a"]))];
        var labels = _runs.Labels("file,label", [.. rows.Select((_, i) => $"films/{i},a")]);
        var says = _runs.RunOf(rows, model: SmallRun.Model with { ConformalFilms = [39, 7, 8, 0], ConformalMiss = 0.1 });
        foreach (var (run, options, films, alpha) in ((string, EvaluationOptions, int, double)[])
        [
            (says, LabelledRuns.Quick, 39, 0.1), (says, LabelledRuns.Quick with { CalibrationFilms = 99, Alpha = 0.05 }, 99, 0.05), (_runs.Run(rows), LabelledRuns.Quick, 0, 0.05),
        ])
        {
            var result = RunEvaluation.Of(run, labels, options);
            var (low, high) = BetaBinomial.Tolerance(films, alpha, 60);
            var sets = Assert.Single(result.Conformal);
            Assert.Equal((films, low, high, alpha), (sets.CalibrationFilms, sets.Low, sets.High, result.Alpha));
        }
    }

    [Fact]
    public void Unknown_hardware_is_scored_whole_and_by_design()
    {
        FilmRow[] rows =
        [
            .. Enumerable.Range(0, 20).Select(i => LabelledRuns.Film(i, A, $"p{i}", energy: -9)),
            .. Enumerable.Range(20, 4).Select(i => LabelledRuns.Film(i, [0.4f, 0.3f, 0.2f, 0.1f], $"p{i}", energy: i < 22 ? -1 : -20, status: i < 22 ? FilmStatus.Abstained : null)),
        ];
        var unknown = RunEvaluation.Of(_runs.Run(rows), _runs.Labels(
            "file,label,design", [.. rows.Select((_, i) => i < 20 ? $"films/{i},a," : $"films/{i},unknown,{(i < 22 ? "far" : "near")}")]), LabelledRuns.Quick).Unknown;
        UnknownFigures Of(string group, string score) => unknown.Single(u => u.Group == group && u.Score == score);
        Assert.Equal((0.5, 1.0, 0.0), (Of("all", "energy").Auroc.Value, Of("far", "energy").Auroc.Value, Of("near", "energy").Auroc.Value));
        Assert.Equal((1.0, "newcombe"), (Of("all", "one_minus_probability").Auroc.Value, Of("all", "one_minus_probability").Auroc.Method));
        Assert.Equal((0.5, 0.0, 1.0), (Of("all", "energy").UnknownPassedAt95Known.Value, Of("far", "energy").UnknownPassedAt95Known.Value, Of("near", "energy").UnknownPassedAt95Known.Value));
        Assert.Equal((0.5, 0.0), (Of("all", "energy").CalledDevice.Value, Of("far", "energy").CalledDevice.Value));
    }

    [Fact]
    public void Subgroups_mark_the_worst_and_hide_the_few()
    {
        FilmRow[] rows = [.. Enumerable.Range(0, 60).Select(i => LabelledRuns.Film(i, i % 3 == 0 && i < 30 ? B : A, $"p{i}", facts: new() { Site = i < 30 ? "s1" : "s2", Sex = i < 3 ? "M" : i < 6 ? "O" : "F" }))];
        var groups = Evaluate(rows, [.. rows.Select((_, i) => $"films/{i},a")]).Subgroups;
        Assert.Equal(["s1"], groups.Where(g => g is { By: "site", IsWorst: true }).Select(g => g.Value));
        Assert.Equal(["M", "O"], groups.Where(g => g.IsSuppressed).Select(g => g.Value));
        Assert.All(groups.Where(g => g.IsSuppressed), g => Assert.Equal((null, null, null), (g.N, g.Patients, g.Top1.Value)));
        Assert.DoesNotContain(groups, g => g.By == "age band"); // the rows do not say
    }

    [Fact]
    public void One_hidden_group_takes_a_second_with_it()
    {
        FilmRow[] rows = [.. Enumerable.Range(0, 30).Select(i => LabelledRuns.Film(i, A, $"p{i}", facts: new() { Sex = i < 3 ? "M" : i < 12 ? "O" : "F" }))];
        Assert.Equal(["M", "O"], Evaluate(rows, [.. rows.Select((_, i) => $"films/{i},a")]).Subgroups.Where(g => g.IsSuppressed).Select(g => g.Value));
    }

    [Fact]
    public void Two_runs_are_compared_over_the_films_of_both()
    {
        FilmRow[] here = [.. Enumerable.Range(0, 12).Select(i => LabelledRuns.Film(i, i < 6 ? A : B, $"p{i}"))];
        FilmRow[] there = [.. here.Take(11).Select((row, i) => i < 4 ? LabelledRuns.Film(i, B, $"p{i}") : row)];
        var labels = _runs.Labels("file,label", [.. here.Select((_, i) => $"films/{i},{(i < 6 ? "a" : "b")}")]);
        var compared = RunEvaluation.Of(_runs.Run(here), labels, LabelledRuns.Quick with { CompareRun = _runs.Run(there) }).Comparison!;
        Assert.Equal((11, 1, 4, 0), (compared.N, compared.InOneOnly, compared.OnlyThis, compared.OnlyOther));
        Assert.Equal((1.0, 7 / 11.0), (compared.Top1, compared.OtherTop1));
        Assert.Equal(0.125, compared.McnemarP, 1e-12);
        Assert.Equal(1.0, compared.Devices[0].Auc);
        Assert.True(compared.Devices[0].OtherAuc < 1);
        Assert.Equal(compared.Devices[0].P!.Value, compared.Devices[0].PatientP!.Value, 1e-9); // one film a patient
    }

    [Fact]
    public void The_same_seed_gives_the_same_result()
    {
        FilmRow[] rows = [.. Enumerable.Range(0, 60).Select(i => LabelledRuns.Film(i, i % 5 == 0 ? B : A, $"p{i / 2}"))];
        var (run, labels) = (_runs.Run(rows), _runs.Labels("file,label", [.. rows.Select((_, i) => $"films/{i},{(i % 3 == 0 ? "b" : "a")}")]));
        Estimate Top1(ulong seed) => RunEvaluation.Of(run, labels, LabelledRuns.Quick with { Seed = seed }).Levels[0].Top1;
        Assert.True(Top1(4).BootstrapHi > Top1(4).BootstrapLo);
        Assert.Equal(Top1(4), Top1(4));
    }

    [Fact]
    public void The_paper_is_cited_with_what_its_abstract_says_and_no_more()
    {
        var paper = PaperReference.Read();
        Assert.Equal((1721, 1012, 6, 1106, 272, 343, 1378, 98.5), (paper.Films, paper.Patients, paper.Classes, paper.Training, paper.Validation, paper.Test, paper.Development, paper.Top1Percent));
        Assert.Equal([1.000, 1.000, 0.980, 1.000, 0.999, 1.000], paper.Auc);
        Assert.Equal(paper.Films, paper.Training + paper.Validation + paper.Test);
    }

    public void Dispose() => _runs.Dispose();

    private EvaluationResult Evaluate(FilmRow[] rows, params string[] lines) => RunEvaluation.Of(_runs.Run(rows), _runs.Labels("file,label", lines), LabelledRuns.Quick);
}
