namespace BulkImplantScan.Evaluation;

/// <summary>Two areas under ROC curves of the same films: are they different?</summary>
/// <remarks>z = (A₁ − A₂) / standard error. By film it is DeLong's of 1988, √(var₁ + var₂ − 2·cov); by patient Obuchowski's of 1997.</remarks>
/// <param name="First">Area of the first scores; NaN when there are none of either kind.</param>
/// <param name="Second">Area of the second.</param>
/// <param name="StandardError">Of the difference, films independent; 0 where both place all films alike, NaN of fewer than two of either kind.</param>
/// <param name="PatientStandardError">Of the difference, patients independent; NaN of fewer than two patients with either kind.</param>
public readonly record struct AucPaired(double First, double Second, double StandardError, double PatientStandardError)
{
    /// <summary>95 % interval of the difference (second − first), patients independent; NaN without a standard error.</summary>
    public Interval Difference =>
        new(Second - First - Wilson.Z95 * PatientStandardError, Second - First + Wilson.Z95 * PatientStandardError);

    /// <summary>Two-sided p, films independent; 1 where there is no difference, NaN where one is seen and its standard error is not known or 0.</summary>
    public double P => Of(StandardError);

    /// <summary>The same, patients independent.</summary>
    public double PatientP => Of(PatientStandardError);

    /// <summary>Compares.</summary>
    /// <param name="positives">First and second score of each positive, and its patient.</param>
    /// <param name="negatives">The same of the negatives.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static AucPaired Of(
        IReadOnlyList<(double First, double Second, int Patient)> positives, IReadOnlyList<(double First, double Second, int Patient)> negatives)
    {
        if (positives.Count == 0 || negatives.Count == 0) return new(double.NaN, double.NaN, double.NaN, double.NaN);
        var first = new AucPlacements([.. positives.Select(film => film.First)], [.. negatives.Select(film => film.First)]);
        var second = new AucPlacements([.. positives.Select(film => film.Second)], [.. negatives.Select(film => film.Second)]);
        var clustered = ClusteredAucVariance.Of(
            [.. first.V10.Zip(second.V10, (a, b) => a - b)], [.. positives.Select(film => film.Patient)],
            [.. first.V01.Zip(second.V01, (a, b) => a - b)], [.. negatives.Select(film => film.Patient)]);
        return new(first.Auc, second.Auc, Root(first.Variance + second.Variance - 2 * first.Covariance(second)), Root(clustered));
    }

    private static double Root(double variance) => Math.Sqrt(Math.Max(0, variance)); // rounding may leave it an ulp below 0; NaN stays

    private double Of(double error) => First == Second ? 1 : error > 0 ? Normal.TwoSided((First - Second) / error) : double.NaN;
}
