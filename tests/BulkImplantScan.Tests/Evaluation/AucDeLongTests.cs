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
    public void Variances_are_those_of_pROC_also_of_its_own_example()
    {
        var cases = OracleValues.Lines("proc").ToArray();
        Assert.Equal(3, cases.Length);
        foreach (var cells in cases)
        {
            var placements = new AucPlacements(OracleValues.Numbers(cells[6]), OracleValues.Numbers(cells[7]));
            Assert.Equal(OracleValues.Number(cells[1]), placements.Auc, 1e-12);
            Assert.Equal(OracleValues.Number(cells[3]), placements.Variance, 1e-12);
        }

        // aSAH, s100b, as pROC's documentation prints it.
        var example = new AucPlacements(OracleValues.Numbers(cases[0][6]), OracleValues.Numbers(cases[0][7]));
        Assert.Equal("0.7314 0.6301 0.8326", FormattableString.Invariant(
            $"{example.Auc:F4} {example.Auc - Wilson.Z95 * Math.Sqrt(example.Variance):F4} {example.Auc + Wilson.Z95 * Math.Sqrt(example.Variance):F4}"));
    }

    [Fact]
    public void Of_a_few_misplaced_films_the_score_interval_is_taken()
    {
        // One of 200 positives lies below one of 200 negatives.
        double[] positives = [.. Enumerable.Range(0, 200).Select(i => i + 1000.0)], negatives = [.. Enumerable.Range(0, 200).Select(i => (double)i)];
        positives[0] = 198.5;
        var (one, few) = (AucDeLong.Of(positives, negatives), AucDeLong.Of(positives, negatives, leastMisplaced: 5));
        Assert.Equal((AucMethod.DeLong, AucMethod.Newcombe), (one.Method, few.Method));
        Assert.Equal(one.Auc, few.Auc);
        Assert.True(few.Interval.Low < one.Interval.Low);
    }

    [Fact]
    public void Order_is_all_that_counts() =>
        Gen.Select(Scores, Scores).Sample((x, y) =>
        {
            double[] Stretched(double[] scores) => Array.ConvertAll(scores, s => Math.Exp(3 * s) - 7);
            Assert.Equal(AucDeLong.Of(x, y), AucDeLong.Of(Stretched(x), Stretched(y)));
        });

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
