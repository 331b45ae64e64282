using System.Runtime.InteropServices;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Training;

/// <summary>Fits <see cref="FeatureDistance"/>: the mean of each class that answers, and one covariance within all of them (Lee 2018), of the
/// square roots of features.</summary>
internal static class FeatureFit
{
    /// <summary>Share of the catalogue's validation films that the threshold leaves alone.</summary>
    public const double Coverage = 0.99;

    // Towards the mean variance (Ledoit 2004, with a fixed share): channels that hardly vary would else decide everything.
    private const double Shrinkage = 0.05;

    /// <summary>Fits on films that were trained on and sets the threshold on others.</summary>
    /// <param name="trained">Films of the training side; those of classes that refuse are left out.</param>
    /// <param name="validation">Films of the validation side.</param>
    /// <returns>Null where a class has fewer than two films, or there is nothing to set a threshold by.</returns>
    public static FeatureDistance? Of(IReadOnlyList<JudgedFilm> trained, IReadOnlyList<JudgedFilm> validation)
    {
        Fitted[] known = [.. trained.Where(film => film.IsKnown).Select(film => new Fitted(film.Class, Array.ConvertAll(film.Features, value => FeatureDistance.Feature(value, ofRoots: true))))];
        if (known.Length == 0) return null;
        var answers = trained[0].Answers;
        int[] classes = [.. Enumerable.Range(0, answers.Length).Where(c => answers[c])];
        var channels = known[0].Features.Length;
        if (channels is 0 or > FeatureDistance.MaximumChannels || classes.Any(c => known.Count(film => film.Class == c) < 2)) return null;

        var means = classes.ToDictionary(c => c, c => Mean([.. known.Where(film => film.Class == c)], channels));
        var triangle = InverseCholesky(Covariance(known, means, channels), channels);
        var centres = new float[classes.Length * channels];
        for (var c = 0; c < classes.Length; c++)
            for (var k = 0; k < channels; k++)
                for (var j = 0; j <= k; j++) centres[c * channels + k] += (float)(triangle[k, j] * means[classes[c]][j]);

        var rows = new float[channels * (channels + 1) / 2];
        for (int k = 0, at = 0; k < channels; k++)
            for (var j = 0; j <= k; j++) rows[at++] = (float)triangle[k, j];
        var fitted = new FeatureDistance(channels, MemoryMarshal.AsBytes(rows.AsSpan()).ToArray(), MemoryMarshal.AsBytes(centres.AsSpan()).ToArray(), null, OfRoots: true);
        var distances = validation.Where(film => film.IsKnown).Select(film => fitted.Of(film.Features)).Where(float.IsFinite).Order().ToArray();
        return distances.Length == 0 ? null : fitted with { Maximum = distances[Math.Min(distances.Length - 1, (int)Math.Ceiling(Coverage * distances.Length) - 1)] };
    }

    private readonly record struct Fitted(int Class, double[] Features);

    private static double[] Mean(Fitted[] films, int channels) => [.. Enumerable.Range(0, channels).Select(k => films.Average(film => film.Features[k]))];

    private static double[,] Covariance(Fitted[] films, Dictionary<int, double[]> means, int channels)
    {
        var covariance = new double[channels, channels];
        var centred = new double[channels];
        foreach (var film in films)
        {
            for (var k = 0; k < channels; k++) centred[k] = film.Features[k] - means[film.Class][k];
            for (var k = 0; k < channels; k++)
                for (var j = 0; j <= k; j++) covariance[k, j] += centred[k] * centred[j];
        }

        var trace = 0.0;
        for (var k = 0; k < channels; k++)
        {
            for (var j = 0; j <= k; j++) covariance[k, j] /= films.Length;
            trace += covariance[k, k];
        }

        // Never quite singular: a channel that is always 0 would be.
        var level = Math.Max(trace / channels, 1e-12);
        for (var k = 0; k < channels; k++)
        {
            for (var j = 0; j < k; j++) covariance[k, j] *= 1 - Shrinkage;
            covariance[k, k] = (1 - Shrinkage) * covariance[k, k] + Shrinkage * level;
        }

        return covariance;
    }

    // L⁻¹ of L·Lᵀ, lower triangle, by forward substitution.
    private static double[,] InverseCholesky(double[,] matrix, int size)
    {
        var lower = new double[size, size];
        for (var k = 0; k < size; k++)
        {
            for (var j = 0; j <= k; j++)
            {
                var sum = matrix[k, j];
                for (var i = 0; i < j; i++) sum -= lower[k, i] * lower[j, i];
                lower[k, j] = k == j ? Math.Sqrt(sum) : sum / lower[j, j];
            }
        }

        var inverse = new double[size, size];
        for (var column = 0; column < size; column++)
        {
            for (var k = column; k < size; k++)
            {
                var sum = k == column ? 1.0 : 0.0;
                for (var i = column; i < k; i++) sum -= lower[k, i] * inverse[i, column];
                inverse[k, column] = sum / lower[k, k];
            }
        }

        return inverse;
    }
}
