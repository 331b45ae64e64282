namespace BulkImplantScan.Evaluation;

/// <summary>Two areas under ROC curves of the same films: are they different?</summary>
/// <remarks>DeLong 1988: z = (A₁ − A₂) / √(var₁ + var₂ − 2·cov). Films taken as independent.</remarks>
/// <param name="First">Area of the first scores; NaN when there are none of either kind.</param>
/// <param name="Second">Area of the second.</param>
/// <param name="StandardError">Of the difference; 0 where both order all pairs alike, NaN of fewer than two of either kind.</param>
public readonly record struct AucPaired(double First, double Second, double StandardError)
{
    /// <summary>95 % interval of the difference (second − first); NaN without a standard error.</summary>
    public Interval Difference =>
        new(Second - First - Wilson.Z95 * StandardError, Second - First + Wilson.Z95 * StandardError);

    /// <summary>Two-sided p; 1 where there is no difference, NaN where one is seen and its standard error is not known or 0.</summary>
    public double P => First == Second ? 1 : StandardError > 0 ? Normal.TwoSided((First - Second) / StandardError) : double.NaN;

    /// <summary>Compares.</summary>
    /// <param name="firstPositives">First scores of the positives.</param>
    /// <param name="firstNegatives">First scores of the negatives.</param>
    /// <param name="secondPositives">Second scores of the same positives in the same order.</param>
    /// <param name="secondNegatives">Second scores of the same negatives.</param>
    /// <exception cref="ArgumentException">Not the same films, or a score is NaN.</exception>
    public static AucPaired Of(
        ReadOnlySpan<double> firstPositives, ReadOnlySpan<double> firstNegatives, ReadOnlySpan<double> secondPositives, ReadOnlySpan<double> secondNegatives)
    {
        if (firstPositives.Length != secondPositives.Length || firstNegatives.Length != secondNegatives.Length)
            throw new ArgumentException("not the same films", nameof(secondPositives));
        if (firstPositives.IsEmpty || firstNegatives.IsEmpty) return new(double.NaN, double.NaN, double.NaN);
        var (first, second) = (new AucPlacements(firstPositives, firstNegatives), new AucPlacements(secondPositives, secondNegatives));
        return new(first.Auc, second.Auc, Math.Sqrt(Math.Max(0, first.Variance + second.Variance - 2 * first.Covariance(second))));
    }
}
