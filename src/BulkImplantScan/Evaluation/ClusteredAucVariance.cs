namespace BulkImplantScan.Evaluation;

/// <summary>Variance of an area, or of the difference of two, whose films come in clusters (patients).</summary>
/// <remarks>Obuchowski 1997, Biometrics 53:567: sums of placements by patient in place of placements by film. It is linear in them, so the differences of
/// the placements of two models give the variance of the difference of their areas.</remarks>
internal static class ClusteredAucVariance
{
    /// <summary>Sums up; NaN where only one patient has positives, or negatives.</summary>
    /// <param name="v10">A value a positive.</param>
    /// <param name="ofPositives">Its patient.</param>
    /// <param name="v01">A value a negative.</param>
    /// <param name="ofNegatives">Its patient, who may have positives too.</param>
    public static double Of(double[] v10, int[] ofPositives, double[] v01, int[] ofNegatives)
    {
        var sums = new Dictionary<int, (double X, double Y)>();
        var (meanX, meanY) = (v10.Sum() / v10.Length, v01.Sum() / v01.Length);
        for (var i = 0; i < v10.Length; i++)
        {
            var (x, y) = sums.GetValueOrDefault(ofPositives[i]);
            sums[ofPositives[i]] = (x + (v10[i] - meanX), y);
        }

        for (var j = 0; j < v01.Length; j++)
        {
            var (x, y) = sums.GetValueOrDefault(ofNegatives[j]);
            sums[ofNegatives[j]] = (x, y + (v01[j] - meanY));
        }

        double m = v10.Length, n = v01.Length, with = ofPositives.Distinct().Count(), without = ofNegatives.Distinct().Count(), all = sums.Count;
        return with < 2 || without < 2 ? double.NaN : with / (with - 1) * sums.Values.Sum(s => s.X * s.X) / (m * m)
            + without / (without - 1) * sums.Values.Sum(s => s.Y * s.Y) / (n * n)
            + 2 * all / (all - 1) * sums.Values.Sum(s => s.X * s.Y) / (m * n);
    }
}
