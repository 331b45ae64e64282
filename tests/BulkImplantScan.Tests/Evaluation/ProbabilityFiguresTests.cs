using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class ProbabilityFiguresTests
{
    private static readonly Gen<(double, bool)[]> Answers = Gen.Select(Gen.Int[0, 20].Select(i => i / 20.0), Gen.Bool).Array[1, 60];

    [Fact]
    public void Calibration_error_and_risk_over_coverage_are_those_of_the_definitions()
    {
        var (confidences, isRight) = Judged();
        Assert.Equal(OracleValues.Number(OracleValues.Lines("calibration").Single()[1]), Reliability.Of(confidences, isRight).Error, 1e-12);
        var (selective, curve) = (OracleValues.Lines("selective").Single(), RiskCoverage.Of(confidences, isRight));
        Assert.Equal(OracleValues.Number(selective[1]), curve.Aurc, 1e-12);
        Assert.Equal(OracleValues.Number(selective[2]), curve.Augrc, 1e-12);
    }

    [Fact]
    public void A_confidence_on_an_edge_belongs_to_the_bin_below()
    {
        var bins = Reliability.Of([0, 0.5, 1], [false, true, true], bins: 2);
        Assert.Equal((2.0, 1.0), (bins.Films(0), bins.Films(1)));
    }

    [Fact]
    public void A_weight_of_two_is_the_film_twice() =>
        Answers.Sample(answers =>
        {
            double[] p = Array.ConvertAll(answers, a => a.Item1);
            bool[] right = Array.ConvertAll(answers, a => a.Item2);
            int[] twice = Array.ConvertAll(answers, _ => 2);
            Assert.Equal(Reliability.Of([.. p, .. p], [.. right, .. right]).Error, Reliability.Of(p, right, twice).Error, 1e-12);
            Assert.Equal(RiskCoverage.Of([.. p, .. p], [.. right, .. right]).Aurc, RiskCoverage.Of(p, right).Areas(twice).Aurc, 1e-12);
        });

    [Fact]
    public void The_order_of_films_of_one_confidence_does_not_matter() =>
        Answers.Sample(answers =>
        {
            var back = answers.Reverse().ToArray();
            Assert.Equal(
                RiskCoverage.Of(Array.ConvertAll(answers, a => a.Item1), Array.ConvertAll(answers, a => a.Item2)).Aurc,
                RiskCoverage.Of(Array.ConvertAll(back, a => a.Item1), Array.ConvertAll(back, a => a.Item2)).Aurc, 1e-12);
        });

    [Fact]
    public void Confidence_that_says_nothing_leaves_the_risk_of_all()
    {
        var curve = RiskCoverage.Of([0.5, 0.5, 0.5, 0.5], [true, false, true, true]);
        Assert.Equal(0.25, curve.Aurc, 1e-12);
        Assert.Equal(0.25, curve.Risk(1), 1e-12);
    }

    [Fact]
    public void Without_films_nothing_is_known()
    {
        Assert.True(double.IsNaN(Reliability.Of([], []).Error));
        Assert.True(double.IsNaN(RiskCoverage.Of([], []).Aurc));
    }

    [Fact]
    public void Rates_of_outliers_are_those_of_numpys_quantiles()
    {
        var cells = OracleValues.Lines("outliers").Single();
        var (known, unknown) = (OracleValues.Numbers(cells[3]), OracleValues.Numbers(cells[4]));
        Assert.Equal(OracleValues.Number(cells[1]), OutlierRates.UnknownPassed(known, unknown));
        Assert.Equal(OracleValues.Number(cells[2]), OutlierRates.KnownRefused(known, unknown));
        Assert.Equal((0, 0), (OutlierRates.UnknownPassed([], unknown), OutlierRates.KnownRefused(known, [])));
    }

    [Fact]
    public void Log_odds_tell_apart_what_single_precision_ties_at_1()
    {
        Assert.True(LogOdds.Of([1, 1e-12, 0], 0) > LogOdds.Of([1, 1e-9, 0], 0));
        Assert.Equal(double.PositiveInfinity, LogOdds.Of([1, 0], 0));
        Assert.Equal(double.NegativeInfinity, LogOdds.Of([1, 0], 1));
        Assert.Equal(Math.Log(0.3 / 0.7), LogOdds.Of([0.3, 0.2, 0.5], 0), 1e-12);
    }

    private static (double[] Confidences, bool[] IsRight) Judged()
    {
        var cells = OracleValues.Lines("judged").Single();
        var (classes, truth, p) = ((int)OracleValues.Number(cells[1]), OracleValues.Numbers(cells[2]), OracleValues.Numbers(cells[3]));
        var films = p.Chunk(classes).ToArray();
        return (Array.ConvertAll(films, film => film.Max()), [.. films.Select((film, i) => Array.IndexOf(film, film.Max()) == truth[i])]);
    }
}
