using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class WilsonTests
{
    [Fact]
    public void The_studys_338_of_343_gives_the_published_interval()
    {
        var interval = Wilson.Of(338, 343);
        Assert.Equal(0.966335, interval.Low, 1e-6); // six decimals are what statsmodels printed
        Assert.Equal(0.993758, interval.High, 1e-6);
    }

    [Fact]
    public void Intervals_are_those_of_statsmodels()
    {
        var cases = OracleValues.Lines("wilson").ToArray();
        Assert.Equal(9, cases.Length);
        foreach (var cells in cases)
        {
            var interval = Wilson.Of((long)OracleValues.Number(cells[1]), (long)OracleValues.Number(cells[2]));
            Assert.Equal(OracleValues.Number(cells[3]), interval.Low, 1e-13);
            Assert.Equal(OracleValues.Number(cells[4]), interval.High, 1e-13);
        }
    }

    [Fact]
    public void Nothing_seen_says_nothing() => Assert.Equal(new Interval(0, 1), Wilson.Of(0, 0));

    [Fact]
    public void Failures_mirror_successes() =>
        Gen.Select(Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000]).Sample((k, rest) =>
        {
            var (interval, mirror) = (Wilson.Of(k, k + rest), Wilson.Of(rest, k + rest));
            Assert.Equal(interval.Low, 1 - mirror.High, 1e-12);
            Assert.Equal(interval.High, 1 - mirror.Low, 1e-12);
        });

    [Fact]
    public void The_interval_holds_the_share_and_lies_in_0_to_1() =>
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000_000], Gen.Double[0.1, 6]).Sample((k, rest, z) =>
        {
            var interval = Wilson.Of(k, k + rest, z);
            Assert.InRange(interval.Low, 0, 1);
            Assert.InRange(interval.High, interval.Low, 1);
            if (k + rest > 0) Assert.InRange(k / (double)(k + rest), interval.Low - 1e-15, interval.High + 1e-15);
        });

    [Fact]
    public void More_successes_than_trials_are_a_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Of(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Of(-1, 1));
    }
}
