using BulkImplantScan.Imaging;
using CsCheck;

namespace BulkImplantScan.Tests.Imaging;

public class EdgeLineTests
{
    [Fact]
    public void The_line_goes_through_the_points_that_lie_on_one_whatever_a_third_of_the_others_do() =>
        Gen.Select(Gen.Int[3, 40], Gen.Double[0, 400], Gen.Double[-0.5, 0.5], Gen.Int[0, 1000]).Sample((count, depth, slope, seed) =>
        {
            var random = new Random(seed);
            var points = new EdgePoint[count];
            for (var i = 0; i < count; i++)
                points[i] = new(3 * i, i % 3 == 1 ? depth + 200 + random.Next(1000) : depth + (slope * 3 * i));
            var line = EdgeLine.ThroughMost(points, 1, out var agreeing);
            Assert.InRange(agreeing, count - ((count + 1) / 3), count);
            if (count < 6) return; // any two points have a line
            Assert.Equal(depth, line.Intercept, 1e-6);
            Assert.Equal(slope, line.Slope, 1e-6);
            Assert.All(points[..agreeing], point => Assert.Equal(0, line.Distance(point), 1e-6));
        }, iter: 300);

    [Fact]
    public void Several_levels_of_the_low_pass_are_one_after_the_other()
    {
        var random = new Random(5);
        var row = Enumerable.Range(0, 200).Select(_ => random.NextDouble() * 1000).ToArray();
        double Low(double[] of, int at, ReadOnlySpan<float> taps)
        {
            var sum = 0.0;
            for (var i = 0; i < taps.Length; i++) sum += taps[i] * of[at + i - (taps.Length / 2)];
            return sum;
        }

        var once = new double[100];
        for (var i = 2; i < 98; i++) once[i] = Low(row, 2 * i, LowPass.Taps(1));
        var twice = new double[50];
        for (var i = 3; i < 47; i++) twice[i] = Low(once, 2 * i, LowPass.Taps(1));
        for (var i = 6; i < 20; i++) Assert.Equal(Low(twice, 2 * i, LowPass.Taps(1)), Low(row, 8 * i, LowPass.Taps(3)), 1e-3);
        for (var i = 6; i < 40; i++) Assert.Equal(twice[i], Low(row, 4 * i, LowPass.Taps(2)), 1e-3);
    }
}
