namespace BulkImplantScan.Evaluation;

/// <summary>Placement values of an ROC curve: what the area and its variance are made of.</summary>
/// <remarks>DeLong, DeLong, Clarke-Pearson 1988, Biometrics 44:837; by midranks as Sun and Xu 2014, IEEE Signal Process. Lett. 21:1389,
/// in O(n log n).</remarks>
internal readonly struct AucPlacements
{
    /// <summary>Ranks the scores.</summary>
    /// <param name="positives">At least one.</param>
    /// <param name="negatives">At least one.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public AucPlacements(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives)
    {
        int m = positives.Length, n = negatives.Length;
        double[] all = [.. positives, .. negatives];
        if (Array.Exists(all, double.IsNaN)) throw new ArgumentException("a score is NaN", nameof(positives));
        var ofAll = Midranks.Of(all);
        var (ofPositives, ofNegatives) = (Midranks.Of(positives), Midranks.Of(negatives));
        (V10, V01) = (new double[m], new double[n]);
        for (var i = 0; i < m; i++) V10[i] = (ofAll[i] - ofPositives[i]) / n;
        for (var j = 0; j < n; j++) V01[j] = 1 - (ofAll[m + j] - ofNegatives[j]) / m;
        Auc = Mean(V10);
    }

    /// <summary>Share of negatives below each positive, ties counted half.</summary>
    public double[] V10 { get; }

    /// <summary>Share of positives above each negative.</summary>
    public double[] V01 { get; }

    /// <summary>The area: the mean of either.</summary>
    public double Auc { get; }

    /// <summary>DeLong's variance of the area; NaN of a single positive or negative.</summary>
    public double Variance => Covariance(this);

    /// <summary>DeLong's covariance with the area of other scores of the same films in the same order.</summary>
    public double Covariance(AucPlacements other) =>
        Covariance(V10, other.V10) / V10.Length + Covariance(V01, other.V01) / V01.Length;

    private static double Covariance(double[] a, double[] b)
    {
        var (meanA, meanB, sum) = (Mean(a), Mean(b), 0.0);
        for (var i = 0; i < a.Length; i++) sum += (a[i] - meanA) * (b[i] - meanB);
        return sum / (a.Length - 1);
    }

    private static double Mean(double[] values) => values.Sum() / values.Length;
}
