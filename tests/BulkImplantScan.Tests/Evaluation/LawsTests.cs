using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class LawsTests
{
    [Fact]
    public void Tails_of_the_normal_law_are_those_of_scipy()
    {
        var cases = OracleValues.Lines("normal").ToArray();
        Assert.Equal(12, cases.Length);
        foreach (var cells in cases)
        {
            var (z, expected) = (OracleValues.Number(cells[1]), OracleValues.Number(cells[2]));
            Assert.Equal(1, Normal.TwoSided(z) / expected, 1e-11);
            Assert.Equal(Normal.TwoSided(z), Normal.TwoSided(-z));
        }
    }

    [Fact]
    public void Log_gamma_is_that_of_scipy()
    {
        foreach (var cells in OracleValues.Lines("loggamma"))
        {
            var expected = OracleValues.Number(cells[2]);
            Assert.Equal(expected, LogGamma.Of(OracleValues.Number(cells[1])), 1e-13 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void Tolerance_of_coverage_is_the_central_part_of_scipys_laws()
    {
        var cases = OracleValues.Lines("tolerance").ToArray();
        Assert.Equal(7, cases.Length);
        foreach (var cells in cases)
        {
            var (low, high) = BetaBinomial.Tolerance((int)OracleValues.Number(cells[1]), OracleValues.Number(cells[2]), (int)OracleValues.Number(cells[3]));
            Assert.Equal((OracleValues.Number(cells[4]), OracleValues.Number(cells[5])), (low, high));
        }
    }

    [Fact]
    public void Few_calibration_films_leave_more_to_chance_than_many()
    {
        var (few, many, certain) = (BetaBinomial.Tolerance(39, 0.05, 400), BetaBinomial.Tolerance(3999, 0.05, 400), BetaBinomial.Tolerance(0, 0.05, 400));
        Assert.True(few.High - few.Low > 2 * (many.High - many.Low));
        Assert.Equal((certain.Low, certain.High), (many.Low, many.High));
    }
}
