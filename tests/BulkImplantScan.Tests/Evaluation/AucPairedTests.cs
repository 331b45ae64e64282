using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class AucPairedTests
{
    [Fact]
    public void The_test_is_that_of_pROC_by_patient_too_where_each_has_one_film()
    {
        var cases = OracleValues.Lines("proc").ToArray();
        Assert.Equal(3, cases.Length);
        foreach (var cells in cases)
        {
            var paired = AucPaired.Of(Films(cells[6], cells[8], 0), Films(cells[7], cells[9], 1000));
            Assert.Equal(OracleValues.Number(cells[1]), paired.First, 1e-12);
            Assert.Equal(OracleValues.Number(cells[2]), paired.Second, 1e-12);
            Assert.Equal(OracleValues.Number(cells[5]), paired.P, 1e-9);
            Assert.Equal(OracleValues.Number(cells[5]), paired.PatientP, 1e-9);
        }
    }

    [Fact]
    public void Films_that_a_patient_has_twice_do_not_count_twice()
    {
        var cells = OracleValues.Lines("proc").First();
        var (positives, negatives) = (Films(cells[6], cells[8], 0), Films(cells[7], cells[9], 1000));
        var (once, twice) = (AucPaired.Of(positives, negatives), AucPaired.Of([.. positives, .. positives], [.. negatives, .. negatives]));
        Assert.Equal(once.PatientP, twice.PatientP, 1e-9);
        Assert.True(twice.P < once.P / 2);
    }

    [Fact]
    public void A_model_does_not_differ_from_itself()
    {
        var paired = AucPaired.Of([(1, 1, 0), (2, 2, 1), (5, 5, 2)], [(0, 0, 3), (3, 3, 4)]);
        Assert.Equal((0.0, 1.0, 1.0), (paired.StandardError, paired.P, paired.PatientP));
    }

    [Fact]
    public void A_single_patient_with_the_class_leaves_the_p_by_patient_open() =>
        Assert.True(double.IsNaN(AucPaired.Of([(1, 5, 0), (2, 4.5, 0)], [(0, 3, 1), (3, 1, 2), (1.5, 4, 3)]).PatientP));

    [Fact]
    public void Without_one_of_the_classes_nothing_is_known() => Assert.True(double.IsNaN(AucPaired.Of([], [(1, 1, 1)]).First));

    private static (double, double, int)[] Films(string first, string second, int patients) =>
        [.. OracleValues.Numbers(first).Zip(OracleValues.Numbers(second)).Select((film, i) => (film.First, film.Second, patients + i))];
}
