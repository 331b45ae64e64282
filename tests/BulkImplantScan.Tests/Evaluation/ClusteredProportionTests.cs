using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class ClusteredProportionTests
{
    [Fact]
    public void Design_effect_is_that_of_the_sandwich_variance_and_the_interval_Wilsons_of_the_effective_number()
    {
        var cases = OracleValues.Lines("clustered").ToArray();
        Assert.Equal(4, cases.Length);
        foreach (var cells in cases)
        {
            int[] Counts(int cell) => Array.ConvertAll(OracleValues.Numbers(cells[cell]), value => (int)value);
            var share = ClusteredProportion.Of(Counts(6), Counts(7));
            Assert.Equal(OracleValues.Number(cells[1]), share.Value, 1e-12);
            Assert.Equal(OracleValues.Number(cells[2]), share.DesignEffect, 1e-9);
            Assert.Equal(OracleValues.Number(cells[3]), share.Effective, 1e-9);
            Assert.Equal(OracleValues.Number(cells[4]), share.Interval.Low, 1e-9);
            Assert.Equal(OracleValues.Number(cells[5]), share.Interval.High, 1e-9);
        }
    }

    [Fact]
    public void Where_all_are_right_patients_are_the_trials() =>
        Assert.Equal(Wilson.Of(3, 3), ClusteredProportion.Of([5, 1, 4], [5, 1, 4]).Interval);

    [Fact]
    public void It_is_never_narrower_than_with_independent_films() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4]).Array[1, 50].Sample(patients =>
        {
            int[] films = Array.ConvertAll(patients, p => p.Item1 + p.Item2 + 1), hits = Array.ConvertAll(patients, p => p.Item1);
            var (clustered, plain) = (ClusteredProportion.Of(hits, films).Interval, Wilson.Of(hits.Sum(), films.Sum()));
            Assert.True(clustered.Low <= plain.Low + 1e-12 && clustered.High >= plain.High - 1e-12);
        });

    [Fact]
    public void Nothing_seen_says_nothing() => Assert.Equal(new Interval(0, 1), ClusteredProportion.Of([], []).Interval);
}
