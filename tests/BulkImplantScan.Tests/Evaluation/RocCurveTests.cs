using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class RocCurveTests
{
    private static readonly Gen<double[]> Scores = Gen.Int[-4, 4].Select(value => value / 2.0).Array[1, 30];

    [Fact]
    public void The_area_below_its_corners_is_the_area() =>
        Gen.Select(Scores, Scores).Sample((x, y) =>
        {
            var corners = RocCurve.Of(x, y);
            double area = 0;
            for (var i = 1; i < corners.Length; i++)
            {
                Assert.True(corners[i].FalsePositiveRate >= corners[i - 1].FalsePositiveRate && corners[i].TruePositiveRate >= corners[i - 1].TruePositiveRate);
                area += (corners[i].FalsePositiveRate - corners[i - 1].FalsePositiveRate) * (corners[i].TruePositiveRate + corners[i - 1].TruePositiveRate) / 2;
            }

            Assert.Equal(((0.0, 0.0), (1.0, 1.0)), (corners[0], corners[^1]));
            Assert.Equal(AucDeLong.Of(x, y).Auc, area, 1e-12);
        });

    [Fact]
    public void Perfect_separation_has_three_corners() => Assert.Equal([(0, 0), (0, 1), (1, 1)], RocCurve.Of([5, 6, 7], [1, 2, 3]));

    [Fact]
    public void All_tied_is_the_diagonal() => Assert.Equal([(0, 0), (1, 1)], RocCurve.Of([1, 1], [1, 1, 1]));

    [Fact]
    public void Without_one_of_the_classes_there_is_no_curve() => Assert.Empty(RocCurve.Of([], [1]));
}
