namespace BulkImplantScan.Evaluation;

/// <summary>log Γ(x) for x > 0.</summary>
internal static class LogGamma
{
    /// <summary>Stirling's series (Abramowitz and Stegun 6.1.41) above 10, reached by Γ(x + 1) = x·Γ(x).</summary>
    public static double Of(double x)
    {
        double product = 1;
        for (; x < 10; x++) product *= x;
        var inverse = 1 / (x * x);
        var series = (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680 - inverse * (1.0 / 1188 - inverse * 691.0 / 360360))))) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series - Math.Log(product);
    }

    /// <summary>log of n over k.</summary>
    public static double Choose(double n, double k) => Of(n + 1) - Of(k + 1) - Of(n - k + 1);
}
