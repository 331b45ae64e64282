using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

/// <summary>Permutations, Cramér's V and the logistic regression of the audit. Oracle: Oracle/audit.py.</summary>
public sealed class AuditArithmeticTests
{
    [Fact]
    public void Logistic_regression_is_that_of_scikit_learn()
    {
        var cases = OracleValues.Lines("logistic").ToArray();
        Assert.Equal(4, cases.Length);
        foreach (var cells in cases)
        {
            int features = int.Parse(cells[2]), classes = int.Parse(cells[3]);
            var films = OracleValues.Numbers(cells[5]).Chunk(features).ToArray();
            var model = MultinomialLogistic.Fit(films, Array.ConvertAll(OracleValues.Numbers(cells[6]), label => (int)label), classes, OracleValues.Number(cells[4]));
            var expected = OracleValues.Numbers(cells[7]).Chunk(classes).ToArray();
            for (var i = 0; i < expected.Length; i++)
                foreach (var (there, here) in expected[i].Zip(model.Probabilities(films[i]))) Assert.Equal(there, here, 1e-6); // both stop where the slope is small: here below 1e-7
        }
    }

    [Fact]
    public void Bias_corrected_V_is_that_of_the_definition_over_scipys_chi_square()
    {
        var cases = OracleValues.Lines("cramers_v").ToArray();
        Assert.Equal(4, cases.Length);
        foreach (var cells in cases)
            Assert.Equal(OracleValues.Number(cells[4]), CramersV.Of(OracleValues.Numbers(cells[3]).Select(count => (long)count).Chunk(int.Parse(cells[2])).ToArray()), 1e-9);
        Assert.Equal(1, CramersV.Of([[50, 0], [0, 50]]), 0.02);
        Assert.Equal(double.NaN, CramersV.Of([[5, 0], [7, 0]]));
        Assert.Equal(double.NaN, CramersV.Of([]));
    }

    [Fact]
    public void Rank_correlation_is_scipys_ties_or_not()
    {
        var cases = OracleValues.Lines("spearman").ToArray();
        Assert.Equal(4, cases.Length);
        foreach (var cells in cases) Assert.Equal(OracleValues.Number(cells[4]), RankCorrelation.Of(OracleValues.Numbers(cells[2]), OracleValues.Numbers(cells[3])), 1e-12);
        Assert.Equal(double.NaN, RankCorrelation.Of([1, 1, 1], [1, 2, 3]));
        Assert.Equal(double.NaN, RankCorrelation.Of([], []));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Of([1], [1, 2]));
    }

    [Fact]
    public void Rank_correlation_does_not_change_when_values_are_stretched() =>
        Gen.Int[-300, 300].Select(i => i / 100.0).Array[3, 30].Select(a => (a, b: a.Reverse().Select((x, i) => x + i % 3).ToArray())).Sample(pair =>
        {
            var (straight, stretched) = (RankCorrelation.Of(pair.a, pair.b), RankCorrelation.Of(Array.ConvertAll(pair.a, Math.Exp), pair.b));
            return straight.Equals(stretched) && (double.IsNaN(straight) || Math.Abs(straight) <= 1 + 1e-12);
        });

    [Fact]
    public void Of_whole_labels_the_smallest_p_is_one_order_of_all()
    {
        int[][] perfect = [.. Enumerable.Range(0, 6).Select(t => Enumerable.Range(0, 6).Select(c => c == t ? 40 : 2).ToArray())];
        Assert.Equal(1 / 720.0, LabelPermutation.OfWholeLabels(perfect), 1e-15);
        Assert.Equal(1, LabelPermutation.OfWholeLabels([[3, 3], [3, 3]]));
        Assert.Equal(1, LabelPermutation.OfWholeLabels([[0, 9], [9, 0]]));
    }

    [Fact]
    public void Dealt_out_film_by_film_p_is_the_share_of_all_orders()
    {
        // Of 2 + 2 films there are 6 orders: one hits 4, four hit 2, one hits 0.
        Assert.Equal(1 / 6.0, LabelPermutation.OfFilms([0, 0, 1, 1], [0, 0, 1, 1], 60_000, 5), 0.01); // 6.5 standard errors
        Assert.Equal(5 / 6.0, LabelPermutation.OfFilms([0, 1, 0, 1], [0, 0, 1, 1], 60_000, 5), 0.01);
        Assert.Equal(1, LabelPermutation.OfFilms([0, 1], [1, 0], 99, 5));
    }

    [Fact]
    public void A_guess_without_knowledge_is_seldom_called_more_than_chance() =>
        Gen.Int[0, 2].Array[60].Select(Gen.Int[0, 2].Array[60], (truth, called) => (truth, called)).Array[200].Sample(
            runs => Assert.InRange(runs.Count(run => LabelPermutation.OfFilms(run.truth, run.called, 99, 1) <= 0.05), 0, 30), iter: 1, threads: 1, seed: "0N0XIzNsQ0O2");
}
