namespace BulkImplantScan.Evaluation;

/// <summary>Interval of an area whose films come in clusters (patients).</summary>
/// <remarks>The variance of Obuchowski 1997 (Biometrics 53:567) over DeLong's is the design effect D; Newcombe's score interval of m / D positives
/// and n / D negatives, never of fewer than there are patients. Where too few are misplaced for a variance, films of one patient are taken as copies of
/// each other. In simulations (docs/evaluation.md) this holds the true area in 93 of 100 cases or more; percentiles of a bootstrap of patients do not.</remarks>
/// <param name="DesignEffect">D, at least 1; NaN where it cannot be estimated.</param>
/// <param name="Interval">95 % interval; all of [0, 1] when there are none of either.</param>
public readonly record struct ClusteredAuc(double DesignEffect, Interval Interval)
{
    /// <summary>Estimates.</summary>
    /// <param name="positives">Scores of the films of the class, with their patients.</param>
    /// <param name="negatives">Scores of the others, with theirs; a patient may be in both.</param>
    /// <param name="leastMisplaced">As in <see cref="AucDeLong.Of"/>.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static ClusteredAuc Of(
        ReadOnlySpan<(double Score, int Patient)> positives, ReadOnlySpan<(double Score, int Patient)> negatives, int leastMisplaced)
    {
        if (positives.IsEmpty || negatives.IsEmpty) return new(double.NaN, new(0, 1));
        var ((x, ofX), (y, ofY)) = (Apart(positives), Apart(negatives));
        var placements = new AucPlacements(x, y);
        var auc = Math.Clamp(placements.Auc, 0, 1);
        int with = ofX.Distinct().Count(), without = ofY.Distinct().Count();
        var isEnough = AucDeLong.IsEnough(placements, leastMisplaced) && with > 1 && without > 1;
        var design = isEnough ? Math.Max(1, ClusteredAucVariance.Of(placements.V10, ofX, placements.V01, ofY) / placements.Variance) : double.NaN;
        return new(design, isEnough
            ? NewcombeAuc.Of(auc, Math.Max(with, x.Length / design), Math.Max(without, y.Length / design))
            : NewcombeAuc.Of(auc, with, without));
    }

    private static (double[] Scores, int[] Patients) Apart(ReadOnlySpan<(double Score, int Patient)> films)
    {
        var (scores, patients) = (new double[films.Length], new int[films.Length]);
        for (var i = 0; i < films.Length; i++) (scores[i], patients[i]) = films[i];
        return (scores, patients);
    }
}
