using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class AucDeLongTests
{
    private static readonly Gen<double[]> Scores = Gen.Int[-4, 4].Select(value => value / 2.0).Array[1, 30]; // many ties

    [Fact]
    public void Area_and_interval_are_those_of_sklearn_and_of_the_definition()
    {
        var cases = OracleValues.Lines("auc").ToArray();
        Assert.Equal(5, cases.Length);
        foreach (var cells in cases)
        {
            var estimate = AucDeLong.Of(OracleValues.Numbers(cells[4]), OracleValues.Numbers(cells[5]));
            Assert.Equal(OracleValues.Number(cells[1]), estimate.Auc, 1e-12);
            Assert.Equal(OracleValues.Number(cells[2]), estimate.Interval.Low, 1e-10);
            Assert.Equal(OracleValues.Number(cells[3]), estimate.Interval.High, 1e-10);
        }
    }

    [Fact]
    public void Area_is_the_share_of_pairs_in_the_right_order() =>
        Gen.Select(Scores, Scores).Sample((x, y) =>
        {
            var pairs = x.Sum(a => y.Sum(b => a > b ? 1 : a == b ? 0.5 : 0));
            Assert.Equal(pairs / (x.Length * (double)y.Length), AucDeLong.Of(x, y).Auc, 1e-12);
        });

    [Fact]
    public void Classes_exchanged_mirror_area_and_interval() =>
        Gen.Select(Scores, Scores).Sample((x, y) =>
        {
            var (here, there) = (AucDeLong.Of(x, y), AucDeLong.Of(y, x));
            Assert.Equal(here.Auc, 1 - there.Auc, 1e-12);
            Assert.Equal(here.Interval.Low, 1 - there.Interval.High, 1e-9);
        });

    [Fact]
    public void The_interval_holds_the_area_and_has_a_width() =>
        Gen.Select(Scores, Scores).Sample((x, y) =>
        {
            var estimate = AucDeLong.Of(x, y);
            Assert.InRange(estimate.Auc, estimate.Interval.Low - 1e-12, estimate.Interval.High + 1e-12);
            Assert.True(estimate.Interval is { Low: >= 0, High: <= 1 } && estimate.Interval.High - estimate.Interval.Low > 1e-3);
        });

    [Fact]
    public void Perfect_separation_is_never_certain()
    {
        // Newcombe's method 5: the bound lies z standard errors, taken at the bound, from the estimate.
        var estimate = AucDeLong.Of([.. Enumerable.Range(100, 30)], [.. Enumerable.Range(0, 30)]);
        Assert.Equal((1.0, 1.0, 30, 30), (estimate.Auc, estimate.Interval.High, estimate.Positives, estimate.Negatives));
        var theta = estimate.Interval.Low;
        var variance = theta * (1 - theta) * (1 + 29 * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / 900;
        Assert.Equal(Wilson.Z95, (1 - theta) / Math.Sqrt(variance), 1e-9);
        Assert.InRange(theta, 0.8, 0.95);
    }

    [Fact]
    public void A_single_positive_leaves_almost_everything_open()
    {
        var interval = AucDeLong.Of([0.5], [.. Enumerable.Range(0, 1000).Select(i => i / 999.0)]).Interval;
        Assert.True(interval.High - interval.Low > 0.6, $"{interval}");
    }

    [Fact]
    public void Without_one_of_the_classes_nothing_is_known()
    {
        var estimate = AucDeLong.Of([], [1, 2]);
        Assert.True(double.IsNaN(estimate.Auc));
        Assert.Equal(new Interval(0, 1), estimate.Interval);
    }

    [Fact]
    public void A_score_that_is_nan_is_a_bug() => Assert.Throws<ArgumentException>(() => AucDeLong.Of([1, double.NaN], [0]));
}
