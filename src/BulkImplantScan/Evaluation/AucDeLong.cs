namespace BulkImplantScan.Evaluation;

/// <summary>Area under the ROC curve with DeLong's interval, in O(n log n).</summary>
/// <remarks>DeLong, DeLong, Clarke-Pearson 1988, Biometrics 44:837; by midranks as Sun and Xu 2014, IEEE Signal Process. Lett.
/// 21:1389. The interval is symmetric on the logit scale, so it stays in [0, 1]. Where the variance is 0 (perfect separation)
/// or unknown (one positive or negative) it says nothing, and the score interval of Hanley and McNeil's variance stands in (Newcombe 2006, Statist. Med. 25:559,
/// method 5): never 1.000 (1.000–1.000). Scores must be of independent units.</remarks>
public static class AucDeLong
{
    /// <summary>Estimates the area.</summary>
    /// <param name="positives">Scores of the films of the class, any order, finite or infinite.</param>
    /// <param name="negatives">Scores of the others.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static AucEstimate Of(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives)
    {
        int m = positives.Length, n = negatives.Length;
        double[] all = [.. positives, .. negatives];
        if (Array.Exists(all, double.IsNaN)) throw new ArgumentException("a score is NaN", nameof(positives));
        if (m == 0 || n == 0) return new(double.NaN, new(0, 1), m, n);

        var ofAll = Midranks(all);
        var (ofPositives, ofNegatives) = (Midranks(positives), Midranks(negatives));

        // V10: share of negatives below each positive; V01: share of positives above each negative.
        var v10 = new double[m];
        var v01 = new double[n];
        for (var i = 0; i < m; i++) v10[i] = (ofAll[i] - ofPositives[i]) / n;
        for (var j = 0; j < n; j++) v01[j] = 1 - (ofAll[m + j] - ofNegatives[j]) / m;

        var auc = Mean(v10);
        var variance = Variance(v10) / m + Variance(v01) / n;
        return new(auc, variance > 0 && auc is > 0 and < 1 ? Logit(auc, variance) : Score(auc, m, n), m, n); // NaN > 0 is false
    }

    private static Interval Logit(double auc, double variance)
    {
        var centre = Math.Log(auc / (1 - auc));
        var half = Wilson.Z95 * Math.Sqrt(variance) / (auc * (1 - auc));
        return new(1 / (1 + Math.Exp(half - centre)), 1 / (1 + Math.Exp(-half - centre)));
    }

    /// <summary>All θ whose distance to the estimate is at most z standard errors at θ.</summary>
    private static Interval Score(double auc, int m, int n)
    {
        var other = (m + n) / 2.0 - 1;

        bool Excluded(double theta)
        {
            var variance = theta * (1 - theta) * (1 + other * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / ((double)m * n);
            return Math.Abs(auc - theta) > Wilson.Z95 * Math.Sqrt(variance);
        }

        return new(auc == 0 ? 0 : Bound(0, auc, Excluded), auc == 1 ? 1 : Bound(1, auc, Excluded));
    }

    /// <summary>Halves the way from what is excluded to what is not, down to neighbouring numbers.</summary>
    private static double Bound(double outside, double inside, Func<double, bool> excluded)
    {
        while ((outside + inside) / 2 is var middle && middle != outside && middle != inside)
        {
            if (excluded(middle)) outside = middle;
            else inside = middle;
        }

        return inside;
    }

    /// <summary>Ranks from 1; equal values share the mean of their ranks.</summary>
    private static double[] Midranks(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        var order = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(sorted, order);

        var ranks = new double[sorted.Length];
        for (int from = 0, to; from < sorted.Length; from = to)
        {
            for (to = from + 1; to < sorted.Length && sorted[to] == sorted[from];) to++;
            for (var i = from; i < to; i++) ranks[order[i]] = (from + 1 + to) / 2.0;
        }

        return ranks;
    }

    private static double Mean(double[] values) => values.Sum() / values.Length;

    /// <summary>Sample variance; NaN of a single value.</summary>
    private static double Variance(double[] values)
    {
        var mean = Mean(values);
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
