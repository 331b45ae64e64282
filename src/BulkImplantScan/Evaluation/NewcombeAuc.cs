namespace BulkImplantScan.Evaluation;

/// <summary>Score interval of an area under the ROC curve: it has a width also where all pairs are in order.</summary>
/// <remarks>Hanley and McNeil's variance with its two products taken at a common exponential model, inverted at the bound: all θ whose
/// distance to the estimate is at most z standard errors at θ (Newcombe 2006, Statist. Med. 25:559, method 5).</remarks>
public static class NewcombeAuc
{
    /// <summary>The 95 % interval.</summary>
    /// <param name="auc">The estimate, [0, 1].</param>
    /// <param name="positives">Independent positives, or their effective number; at least 1.</param>
    /// <param name="negatives">Independent negatives, or their effective number; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No area, or none of either.</exception>
    public static Interval Of(double auc, double positives, double negatives)
    {
        if (auc is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(auc), auc, "an area lies in [0, 1]");
        ArgumentOutOfRangeException.ThrowIfLessThan(positives, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(negatives, 1);
        var pairs = positives * negatives;
        var other = (positives + negatives) / 2 - 1;

        bool Excluded(double theta)
        {
            var variance = theta * (1 - theta) * (1 + other * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / pairs;
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
}
