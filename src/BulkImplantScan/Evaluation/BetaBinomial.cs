namespace BulkImplantScan.Evaluation;

/// <summary>How many of m films a conformal predictor may cover by chance, if it does what it promises.</summary>
/// <remarks>Given n exchangeable calibration films, coverage is Beta(n + 1 − l, l), l = ⌊(n + 1)α⌋ (Vovk 2012; Angelopoulos and Bates 2023,
/// 3.2), so the number covered of m new films is beta-binomial.</remarks>
public static class BetaBinomial
{
    /// <summary>Counts between which the number covered lies in at least 95 of 100 cases, at most 2.5 on either side.</summary>
    /// <param name="calibration">n, films that the class's threshold was chosen on; 0 when not known: coverage is then 1 − α exactly, which
    /// makes the tolerance narrower than it should be.</param>
    /// <param name="alpha">α in (0, 1): films of the class that the sets may miss.</param>
    /// <param name="films">m, films of the class that were judged.</param>
    /// <returns>Both counts belong to the tolerance. All films where n is too small for α: the set then holds every class.</returns>
    public static (int Low, int High) Tolerance(int calibration, double alpha, int films)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(calibration);
        if (alpha is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "between 0 and 1");
        var misses = Math.Floor((calibration + 1) * alpha + 1e-9); // l; 20 · 0.05 must not become 0 by rounding
        if (calibration > 0 && misses == 0) return (films, films);

        Func<int, double> log = calibration == 0
            ? k => LogGamma.Choose(films, k) + k * Math.Log(1 - alpha) + (films - k) * Math.Log(alpha)
            : k => LogGamma.Choose(films, k) + LogBeta(k + calibration + 1 - misses, films - k + misses) - LogBeta(calibration + 1 - misses, misses);
        var (low, high, below, above) = (0, films, 0.0, 0.0);
        while (low < films && (below += Math.Exp(log(low))) <= 0.025) low++;
        while (high > low && (above += Math.Exp(log(high))) <= 0.025) high--;
        return (low, high);
    }

    private static double LogBeta(double a, double b) => LogGamma.Of(a) + LogGamma.Of(b) - LogGamma.Of(a + b);
}
