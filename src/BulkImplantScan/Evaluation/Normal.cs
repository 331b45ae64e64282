namespace BulkImplantScan.Evaluation;

/// <summary>Tails of the standard normal law.</summary>
internal static class Normal
{
    private const double SqrtPi = 1.7724538509055160273;

    /// <summary>P(|Z| ≥ |z|) = erfc(|z| / √2).</summary>
    public static double TwoSided(double z) => double.IsNaN(z) ? double.NaN : Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>P(χ² ≥ x) with one degree of freedom.</summary>
    public static double ChiSquareOne(double x) => TwoSided(Math.Sqrt(x));

    /// <summary>Complementary error function for x ≥ 0, to some 1e-15 of its value.</summary>
    /// <remarks>Below 2 the series of erf with positive terms (Abramowitz and Stegun 7.1.6); above, the continued fraction 7.1.14 by
    /// Lentz's method.</remarks>
    private static double Erfc(double x)
    {
        if (x > 30) return 0;
        if (x < 2)
        {
            double term = x, sum = x;
            for (var n = 1; term > sum * 1e-17; n++) sum += term *= 2 * x * x / (2 * n + 1);
            return 1 - 2 / SqrtPi * Math.Exp(-x * x) * sum;
        }

        double f = x, c = x, d = 0;
        for (var n = 1; n < 500; n++)
        {
            d = 1 / (x + n / 2.0 * d);
            c = x + n / 2.0 / c;
            f *= c * d;
            if (Math.Abs(c * d - 1) < 1e-16) break;
        }

        return Math.Exp(-x * x) / (SqrtPi * f);
    }
}
