using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class ClusteredAucTests
{
    [Fact]
    public void Design_effect_is_that_of_the_definition_and_the_interval_Newcombes_of_the_effective_number()
    {
        var cases = OracleValues.Lines("clusteredauc").ToArray();
        Assert.Equal(2, cases.Length);
        foreach (var cells in cases)
        {
            var (positives, negatives) = (Films(cells[4], cells[5]), Films(cells[6], cells[7]));
            var design = OracleValues.Number(cells[1]);
            var clustered = ClusteredAuc.Of(positives, negatives, leastMisplaced: 5);
            Assert.Equal(design, clustered.DesignEffect, 1e-9);
            var auc = AucDeLong.Of(Array.ConvertAll(positives, p => p.Score), Array.ConvertAll(negatives, n => n.Score)).Auc;
            var expected = NewcombeAuc.Of(
                auc, Math.Max(OracleValues.Number(cells[2]), positives.Length / design), Math.Max(OracleValues.Number(cells[3]), negatives.Length / design));
            Assert.Equal(expected.Low, clustered.Interval.Low, 1e-9);
            Assert.Equal(expected.High, clustered.Interval.High, 1e-9);
        }

        Assert.InRange(OracleValues.Number(cases[1][1]), 1, 1 + 1e-9); // independent films
    }

    [Fact]
    public void Films_taken_twice_leave_the_interval_of_the_films_taken_once() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Array[8, 30].Sample(films =>
        {
            (double, int)[] positives = [.. films.Select((f, i) => (f.Item1 + 0.3, i))], negatives = [.. films.Select((f, i) => (f.Item2, 100 + i))];
            var (once, twice) = (ClusteredAuc.Of(positives, negatives, 0).Interval, ClusteredAuc.Of([.. positives, .. positives], [.. negatives, .. negatives], 0).Interval);
            Assert.Equal(once.Low, twice.Low, 0.02);
            Assert.Equal(once.High, twice.High, 0.02);
        });

    [Fact]
    public void Where_all_pairs_are_in_order_patients_are_what_counts() =>
        Assert.Equal(NewcombeAuc.Of(1, 2, 3), ClusteredAuc.Of([(5, 1), (6, 1), (7, 2)], [(1, 3), (2, 4), (3, 5), (3, 5)], 5).Interval);

    [Fact]
    public void Without_one_of_the_classes_nothing_is_known() => Assert.Equal(new Interval(0, 1), ClusteredAuc.Of([], [(1, 1)], 5).Interval);

    private static (double Score, int Patient)[] Films(string scores, string patients) =>
        [.. OracleValues.Numbers(scores).Zip(OracleValues.Numbers(patients), (score, patient) => (score, (int)patient))];
}
