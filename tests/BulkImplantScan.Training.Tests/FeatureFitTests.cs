using System.Runtime.InteropServices;

namespace BulkImplantScan.Training.Tests;

public sealed class FeatureFitTests
{
    private const int Channels = 3;

    [Fact]
    public void The_distance_is_Mahalanobis_to_the_nearest_class_that_answers()
    {
        var random = new Random(4);
        bool[] answers = [true, true, false];
        JudgedFilm[] films = [.. Enumerable.Range(0, 300).Select(i => Film(i % 3, answers, random))];
        var fitted = FeatureFit.Of(films, films)!;

        // Written out: covariance within the two classes, shrunk, inverted by Gauss-Jordan.
        double[][] means = [.. Enumerable.Range(0, 2).Select(c => Enumerable.Range(0, Channels).Select(k => films.Where(film => film.Class == c).Average(film => Root(film.Features[k]))).ToArray())];
        var known = films.Where(film => film.Class < 2).ToArray();
        var covariance = new double[Channels, Channels];
        foreach (var film in known)
            for (var k = 0; k < Channels; k++)
                for (var j = 0; j < Channels; j++) covariance[k, j] += (Root(film.Features[k]) - means[film.Class][k]) * (Root(film.Features[j]) - means[film.Class][j]) / known.Length;
        var level = Enumerable.Range(0, Channels).Average(k => covariance[k, k]);
        for (var k = 0; k < Channels; k++)
            for (var j = 0; j < Channels; j++) covariance[k, j] = 0.95 * covariance[k, j] + (k == j ? 0.05 * level : 0);
        var inverse = Inverse(covariance);

        foreach (var film in films.Take(50))
        {
            var expected = Math.Sqrt(means.Min(mean =>
            {
                var d = Enumerable.Range(0, Channels).Select(k => Root(film.Features[k]) - mean[k]).ToArray();
                return Enumerable.Range(0, Channels).Sum(k => Enumerable.Range(0, Channels).Sum(j => d[k] * inverse[k, j] * d[j]));
            }) / Channels);
            Assert.Equal(expected, fitted.Of(film.Features), 1e-4);
        }

        static double Root(float value) => value > 0 ? Math.Sqrt(value) : 0;
    }

    [Fact]
    public void A_package_that_says_nothing_of_roots_is_judged_by_the_features_themselves()
    {
        byte[] one = BitConverter.GetBytes(1f), four = BitConverter.GetBytes(4f);
        Assert.Equal(5, new BulkImplantScan.Inference.FeatureDistance(1, one, four, null).Of([9]), 1e-6);
        Assert.Equal(1, new BulkImplantScan.Inference.FeatureDistance(1, one, four, null, OfRoots: true).Of([9]), 1e-6);
        Assert.Equal(4, new BulkImplantScan.Inference.FeatureDistance(1, one, four, null, OfRoots: true).Of([-9]), 1e-6);
    }

    [Fact]
    public void The_threshold_leaves_99_of_100_known_films_alone()
    {
        var random = new Random(5);
        bool[] answers = [true, true];
        JudgedFilm[] trained = [.. Enumerable.Range(0, 200).Select(i => Film(i % 2, answers, random))], others = [.. Enumerable.Range(0, 200).Select(i => Film(i % 2, answers, random))];
        var fitted = FeatureFit.Of(trained, others)!;
        Assert.Equal(198, others.Count(film => fitted.Of(film.Features) <= fitted.Maximum));
    }

    [Fact]
    public void Channels_that_never_vary_and_features_that_are_no_numbers_do_no_harm()
    {
        bool[] answers = [true, true];
        var random = new Random(6);
        JudgedFilm[] films = [.. Enumerable.Range(0, 40).Select(i => Film(i % 2, answers, random)).Select(film => film with { Features = [film.Features[0], 0, 0] })];
        var fitted = FeatureFit.Of(films, films)!;
        Assert.True(float.IsFinite(fitted.Of([1, 1, 1])));
        Assert.True(float.IsNaN(fitted.Of([1, float.NaN, 1])));
        Assert.Null(fitted.Fault(2));
        Assert.NotNull((fitted with { Centres = fitted.Centres[4..] }).Fault(2));
        Assert.NotNull((fitted with { Whitening = MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3, 4, 5, float.NaN }).ToArray() }).Fault(2));
    }

    [Fact]
    public void Without_two_films_of_each_class_there_is_no_distance()
    {
        var random = new Random(7);
        Assert.Null(FeatureFit.Of([], []));
        Assert.Null(FeatureFit.Of([Film(0, [true, true], random), Film(0, [true, true], random), Film(1, [true, true], random)], []));
    }

    private static JudgedFilm Film(int c, bool[] answers, Random random)
    {
        var (a, b) = (random.NextSingle() - 0.5f, random.NextSingle() - 0.5f);
        return new(c, new float[answers.Length], answers) { Features = [c + a, 2 * a + b, 3 * c - b] };
    }

    private static double[,] Inverse(double[,] m)
    {
        var n = m.GetLength(0);
        var a = (double[,])m.Clone();
        var inverse = new double[n, n];
        for (var i = 0; i < n; i++) inverse[i, i] = 1;
        for (var column = 0; column < n; column++)
        {
            var pivot = a[column, column];
            for (var j = 0; j < n; j++) (a[column, j], inverse[column, j]) = (a[column, j] / pivot, inverse[column, j] / pivot);
            for (var row = 0; row < n; row++)
            {
                if (row == column) continue;
                var factor = a[row, column];
                for (var j = 0; j < n; j++) (a[row, j], inverse[row, j]) = (a[row, j] - factor * a[column, j], inverse[row, j] - factor * inverse[column, j]);
            }
        }

        return inverse;
    }
}
