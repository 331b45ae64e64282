namespace BulkImplantScan.Evaluation;

/// <summary>Area under the ROC curve with DeLong's interval.</summary>
/// <remarks>DeLong 1988 (<see cref="AucPlacements"/>), symmetric on the logit scale, so that it stays in [0, 1]. Where the variance is 0
/// (perfect separation) or unknown (one positive or negative) it says nothing, and Newcombe's score interval stands in: never
/// 1.000 (1.000–1.000). Scores must be of independent units.</remarks>
public static class AucDeLong
{
    /// <summary>Estimates the area.</summary>
    /// <param name="positives">Scores of the films of the class, any order, finite or infinite.</param>
    /// <param name="negatives">Scores of the others.</param>
    /// <param name="leastMisplaced">So many positives, and so many negatives, must lie on the wrong side of some film of the other kind for
    /// DeLong's interval to be taken. Its variance is estimated from those alone: of a few it is too small.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static AucEstimate Of(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives, int leastMisplaced = 0)
    {
        int m = positives.Length, n = negatives.Length;
        if (m == 0 || n == 0) return new(double.NaN, new(0, 1), m, n, AucMethod.None);
        var placements = new AucPlacements(positives, negatives);
        var (auc, variance) = (placements.Auc, placements.Variance);
        var isDeLong = IsEnough(placements, leastMisplaced);
        auc = Math.Clamp(auc, 0, 1); // the mean of ones may be an ulp above
        return isDeLong
            ? new(auc, Logit(auc, variance), m, n, AucMethod.DeLong)
            : new(auc, NewcombeAuc.Of(auc, m, n), m, n, AucMethod.Newcombe);
    }

    /// <summary>The variance says something: it is there, and rests on at least so many films of either kind.</summary>
    internal static bool IsEnough(AucPlacements placements, int leastMisplaced) =>
        placements is { Variance: > 0, Auc: > 0 and < 1 } // NaN > 0 is false
        && Misplaced(placements.V10, placements.Auc) >= leastMisplaced && Misplaced(placements.V01, placements.Auc) >= leastMisplaced;

    /// <summary>Placements that are not the perfect one: below 1, or, where the area is below a half, above 0.</summary>
    private static int Misplaced(double[] placements, double auc) =>
        auc >= 0.5 ? placements.Count(v => v < 1) : placements.Count(v => v > 0);

    private static Interval Logit(double auc, double variance)
    {
        var centre = Math.Log(auc / (1 - auc));
        var half = Wilson.Z95 * Math.Sqrt(variance) / (auc * (1 - auc));
        return new(1 / (1 + Math.Exp(half - centre)), 1 / (1 + Math.Exp(-half - centre)));
    }
}
