using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Scores_are_those_of_sklearn()
    {
        var films = OracleValues.Lines("films").Single();
        var matrix = new ConfusionMatrix(5);
        foreach (var (truth, answer) in OracleValues.Numbers(films[1]).Zip(OracleValues.Numbers(films[2])))
            matrix.Add((int)truth, (int)answer);

        var classes = OracleValues.Lines("class").ToArray();
        Assert.Equal(5, classes.Length);
        foreach (var cells in classes)
        {
            var scores = matrix.Of((int)OracleValues.Number(cells[1]));
            Assert.Equal(OracleValues.Number(cells[2]), scores.Precision, 1e-14);
            Assert.Equal(OracleValues.Number(cells[3]), scores.Sensitivity, 1e-14);
            Assert.Equal(OracleValues.Number(cells[4]), scores.Specificity, 1e-14);
            Assert.Equal(OracleValues.Number(cells[5]), scores.F1, 1e-14);
        }
    }

    [Fact]
    public void The_studys_five_errors_print_as_it_printed_them()
    {
        var matrix = new ConfusionMatrix(2);
        for (var i = 0; i < 343; i++) matrix.Add(0, i < 5 ? 1 : 0);
        Assert.Equal("98.5", (100 * matrix.Top1).ToString("0.0"));
        Assert.Equal(Wilson.Of(338, 343), matrix.Top1Interval);
    }

    [Fact]
    public void Every_class_sees_every_film_once() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Array[0, 200].Sample(films =>
        {
            var matrix = new ConfusionMatrix(4);
            foreach (var (truth, answer) in films) matrix.Add(truth, answer);
            long hits = 0;
            for (var c = 0; c < 4; c++)
            {
                var scores = matrix.Of(c);
                Assert.Equal(films.Length, scores.TruePositives + scores.FalsePositives + scores.FalseNegatives + scores.TrueNegatives);
                Assert.Equal(films.Count(film => film.Item1 == c), scores.TruePositives + scores.FalseNegatives);
                hits += scores.TruePositives;
            }

            Assert.Equal(matrix.Correct, hits);
        });

    [Fact]
    public void A_class_that_nobody_shows_has_no_sensitivity()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add(0, 0);
        Assert.True(double.IsNaN(matrix.Of(1).Sensitivity));
        Assert.Equal(new Interval(0, 1), matrix.Of(1).SensitivityInterval);
    }
}
