namespace BulkImplantScan.Evaluation;

/// <summary>Spearman 1904: Pearson's correlation of ranks; equal values share the mean of their ranks.</summary>
public static class RankCorrelation
{
    /// <summary>−1 to 1; NaN where one side has fewer than two different values.</summary>
    /// <param name="a">Values.</param>
    /// <param name="b">As many.</param>
    public static double Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} and {b.Length} values.", nameof(b));
        double[] x = Midranks.Of(a), y = Midranks.Of(b);
        var middle = (a.Length + 1) / 2.0;
        double xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - middle, y[i] - middle);
            (xy, xx, yy) = (xy + dx * dy, xx + dx * dx, yy + dy * dy);
        }

        return xx == 0 || yy == 0 ? double.NaN : xy / Math.Sqrt(xx * yy);
    }
}
