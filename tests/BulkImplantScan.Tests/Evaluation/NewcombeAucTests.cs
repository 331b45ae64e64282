using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class NewcombeAucTests
{
    [Fact]
    public void Bounds_are_those_that_scipy_finds()
    {
        var cases = OracleValues.Lines("newcombe").ToArray();
        Assert.Equal(7, cases.Length);
        foreach (var cells in cases)
        {
            var interval = NewcombeAuc.Of(OracleValues.Number(cells[1]), (int)OracleValues.Number(cells[2]), (int)OracleValues.Number(cells[3]));
            Assert.Equal(OracleValues.Number(cells[4]), interval.Low, 1e-9);
            Assert.Equal(OracleValues.Number(cells[5]), interval.High, 1e-9);
        }
    }

    [Fact]
    public void It_holds_the_estimate_has_a_width_and_mirrors() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[1, 1000], Gen.Int[1, 1000]).Sample((auc, m, n) =>
        {
            var (interval, mirror) = (NewcombeAuc.Of(auc, m, n), NewcombeAuc.Of(1 - auc, n, m));
            Assert.InRange(auc, interval.Low, interval.High);
            Assert.True(interval.High - interval.Low > 1e-4);
            Assert.Equal(interval.Low, 1 - mirror.High, 1e-9);
        });

    [Fact]
    public void An_area_of_nothing_is_a_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NewcombeAuc.Of(1, 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => NewcombeAuc.Of(double.NaN, 3, 3));
    }
}
