namespace BulkImplantScan.Evaluation;

/// <summary>Wilson score interval of a proportion.</summary>
/// <remarks>Wilson 1927, JASA 22:209. Not Wald: its coverage fails near 0 and 1, where our figures are
/// (Brown, Cai, DasGupta 2001, Statist. Sci. 16:101).</remarks>
public static class Wilson
{
    /// <summary>Standard normal quantile of a two-sided 95 % interval.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>The interval of <paramref name="successes"/> out of <paramref name="trials"/>.</summary>
    /// <param name="successes">Count in [0, <paramref name="trials"/>].</param>
    /// <param name="trials">Count of independent units: patients, not films of one patient.</param>
    /// <param name="z">Standard normal quantile, > 0.</param>
    /// <returns>Bounds in [0, 1]; all of [0, 1] when nothing was seen.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Counts below zero, or more successes than trials.</exception>
    public static Interval Of(long successes, long trials, double z = Z95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(z);
        if (trials == 0) return new(0, 1);

        double n = trials, p = successes / n, zz = z * z;
        var centre = (p + zz / (2 * n)) / (1 + zz / n);
        var half = z / (1 + zz / n) * Math.Sqrt(p * (1 - p) / n + zz / (4 * n * n));

        // Exact at the ends, where rounding would leave the bound an ulp away.
        return new(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }
}
