using BulkImplantScan.Auditing;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms.Auditing;

namespace BulkImplantScan.Phantoms.Tests.Auditing;

/// <summary>Test 10 in small: a model that is trained on films whose marker goes with the label, and its twin that is not.</summary>
/// <remarks>The model is logistic on the brightest place of each cell of a coarse grid: it learns in seconds, sees where a marker lies, and a
/// device roughly. So the twin is no good model, but one without this shortcut.</remarks>
public sealed class TrainedCanaryTests
{
    private const int Cells = 12, TrainingFilms = 480, Pairs = 120, LongSide = 128;

    private static readonly Design[] Shown = [.. Designs.Known, Design.None];

    [Fact]
    public void A_model_trained_where_markers_go_with_labels_is_red_for_markers_and_its_twin_is_not()
    {
        var (canary, twin) = (Audit(0.95), Audit(0));

        Assert.Equal(AuditState.Red, Line(canary, 1, "marker moved").State);
        Assert.Equal(AuditState.Red, Line(canary, 1, "marker removed").State);
        Assert.Equal(AuditState.Red, Line(canary, 3, "marker by label").State);
        Assert.True(Line(canary, 3, "marker by label").Value > 0.5);

        Assert.NotEqual(AuditState.Red, Line(twin, 3, "marker by label").State);
        // Measured: 61 of 100 answers change, of the twin 27: so coarse a model changes its answer for any bright spot.
        Assert.True(Line(canary, 1, "marker moved").Value > Line(twin, 1, "marker moved").Value + 0.2);

        // The device goes with nothing: markers as they are drawn give no model away.
        Assert.NotEqual(AuditState.Red, Line(canary, 3, "as drawn").State);
    }

    private static AuditLine Line(IReadOnlyList<AuditTest> tests, int number, string of) => tests.Single(test => test.Number == number).Lines.Single(line => line.Of == of);

    private static IReadOnlyList<AuditTest> Audit(double marker)
    {
        var plans = PhantomArchive.Plans(new()
        {
            Count = TrainingFilms, OutFolder = "", Seed = 31, Set = PhantomSet.Training, LongSidePixels = LongSide, UnknownShare = 0,
            Confounding = new Dictionary<string, double> { ["marker"] = marker },
        });
        var films = Brightest([.. plans.Select(film => film.Plan)]);
        var model = MultinomialLogistic.Fit(films, [.. plans.Select(film => Array.IndexOf(Shown, film.Plan.Design))], Shown.Length, 1.0 / TrainingFilms);
        DeviceClass[] classes =
        [
            .. Designs.Known.Select(design => new DeviceClass(design.Label(), DeviceKind.Device, "Generic", design.Label(), design.Label())),
            new("none", DeviceKind.None, null, null, "none"),
        ];
        return PhantomAudit.Of(
            classes, new() { Pairs = Pairs, LongSidePixels = LongSide, Edition = PhantomEdition.First, Factors = [Factor.MarkerMoved, Factor.MarkerRemoved] },
            asked => [.. Brightest([.. asked.Select(film => film.Plan)]).Select(film => new AuditAnswer(model.Probabilities(film)))]);
    }

    /// <summary>Of each film, the largest brightness in each cell.</summary>
    private static double[][] Brightest(FilmPlan[] plans)
    {
        var features = new double[plans.Length][];
        Parallel.For(0, plans.Length, i =>
        {
            var film = Phantom.Render(plans[i]);
            var cells = features[i] = new double[Cells * Cells];
            for (var y = 0; y < film.Rows; y++)
                for (var x = 0; x < film.Columns; x++)
                {
                    ref var cell = ref cells[y * Cells / film.Rows * Cells + x * Cells / film.Columns];
                    cell = Math.Max(cell, film.Transform.Apply(film.Stored[y * film.Columns + x]));
                }
        });
        return features;
    }
}
