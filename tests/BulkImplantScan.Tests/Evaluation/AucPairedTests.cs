using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class AucPairedTests
{
    [Fact]
    public void The_test_is_that_of_pROC()
    {
        foreach (var cells in OracleValues.Lines("proc"))
        {
            var paired = AucPaired.Of(OracleValues.Numbers(cells[6]), OracleValues.Numbers(cells[7]), OracleValues.Numbers(cells[8]), OracleValues.Numbers(cells[9]));
            Assert.Equal(OracleValues.Number(cells[1]), paired.First, 1e-12);
            Assert.Equal(OracleValues.Number(cells[2]), paired.Second, 1e-12);
            Assert.Equal(OracleValues.Number(cells[5]), paired.P, 1e-9);
        }
    }

    [Fact]
    public void A_model_does_not_differ_from_itself()
    {
        var paired = AucPaired.Of([1, 2, 5], [0, 3], [1, 2, 5], [0, 3]);
        Assert.Equal((0.0, 1.0), (paired.StandardError, paired.P));
    }

    [Fact]
    public void Without_one_of_the_classes_nothing_is_known() => Assert.True(double.IsNaN(AucPaired.Of([], [1], [], [1]).First));

    [Fact]
    public void Other_films_are_a_bug() => Assert.Throws<ArgumentException>(() => AucPaired.Of([1], [1], [1, 2], [1]));
}
