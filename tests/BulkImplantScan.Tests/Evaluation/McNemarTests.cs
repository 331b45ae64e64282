using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class McNemarTests
{
    [Fact]
    public void Exact_p_is_that_of_statsmodels_and_clustered_p_that_of_the_definitions()
    {
        var cases = OracleValues.Lines("mcnemar").ToArray();
        Assert.Equal(4, cases.Length);
        foreach (var cells in cases)
        {
            bool[] Flags(int cell) => Array.ConvertAll(OracleValues.Numbers(cells[cell]), value => value > 0);
            var test = McNemar.Of(Flags(6), Flags(7), Array.ConvertAll(OracleValues.Numbers(cells[8]), value => (int)value));
            Assert.Equal((OracleValues.Number(cells[1]), OracleValues.Number(cells[2])), (test.OnlyFirst, test.OnlySecond));
            Assert.Equal(OracleValues.Number(cells[3]), test.Exact, 1e-12);
            Assert.Equal(OracleValues.Number(cells[4]), test.Obuchowski, 1e-12);
            Assert.Equal(OracleValues.Number(cells[5]), test.Durkalski, 1e-12);
        }
    }

    [Fact]
    public void Films_exchanged_between_models_change_nothing_but_the_counts() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 5]).Array[1, 40].Sample(films =>
        {
            var (a, b, who) = (Array.ConvertAll(films, f => f.Item1), Array.ConvertAll(films, f => f.Item2), Array.ConvertAll(films, f => f.Item3));
            var (here, there) = (McNemar.Of(a, b, who), McNemar.Of(b, a, who));
            Assert.Equal((here.OnlyFirst, here.Exact, here.Obuchowski, here.Durkalski), (there.OnlySecond, there.Exact, there.Obuchowski, there.Durkalski));
        });

    [Fact]
    public void Films_that_a_patient_has_twice_do_not_count_twice()
    {
        bool[] first = [.. Enumerable.Repeat(true, 8)], second = [.. Enumerable.Repeat(false, 8)];
        var once = McNemar.Of(first, second, [.. Enumerable.Range(0, 8)]);
        var twice = McNemar.Of([.. first, .. first], [.. second, .. second], [.. Enumerable.Range(0, 8), .. Enumerable.Range(0, 8)]);
        Assert.Equal(once.Obuchowski, twice.Obuchowski, 1e-12);
        Assert.Equal(once.Durkalski, twice.Durkalski, 1e-12);
        Assert.True(twice.Exact < once.Exact / 50); // which is why the exact test is not enough
    }

    [Fact]
    public void Models_that_never_differ_have_p_1_and_none_by_patient()
    {
        var test = McNemar.Of([true, false], [true, false], [0, 1]);
        Assert.Equal(1, test.Exact);
        Assert.True(double.IsNaN(test.Obuchowski) && double.IsNaN(test.Durkalski));
    }
}
