namespace BulkImplantScan.Evaluation;

/// <summary>A share of films that come in clusters (patients).</summary>
/// <remarks>Rao and Scott 1992, Biometrics 48:577: the variance of the ratio Σxₖ / Σnₖ over that of independent films is the design effect D,
/// and n / D films are the effective number. Wilson's interval of them. Where D cannot be estimated, since all films are right or all
/// wrong, films of one patient are taken as copies of each other: as many trials as patients.</remarks>
/// <param name="Value">Σxₖ / Σnₖ; NaN without films.</param>
/// <param name="DesignEffect">D, at least 1: independent films are the best case that is granted. NaN where it cannot be estimated.</param>
/// <param name="Effective">n / D, at least 1.</param>
/// <param name="Interval">Wilson's, of the effective number.</param>
public readonly record struct ClusteredProportion(double Value, double DesignEffect, double Effective, Interval Interval)
{
    /// <summary>Estimates.</summary>
    /// <param name="hits">xₖ: films of patient k that count.</param>
    /// <param name="films">nₖ: films of patient k, at least 1.</param>
    public static ClusteredProportion Of(ReadOnlySpan<int> hits, ReadOnlySpan<int> films)
    {
        double x = 0, n = 0;
        for (var k = 0; k < films.Length; k++) (x, n) = (x + hits[k], n + films[k]);
        if (n == 0) return new(double.NaN, double.NaN, 0, new(0, 1));
        var p = x / n;
        if (p is 0 or 1 || films.Length < 2) return new(p, double.NaN, films.Length, Score(p, films.Length));

        double squares = 0;
        for (var k = 0; k < films.Length; k++) squares += (hits[k] - films[k] * p) * (hits[k] - films[k] * p);
        var variance = films.Length / (films.Length - 1.0) * squares / (n * n);
        var design = Math.Max(1, variance / (p * (1 - p) / n));
        return new(p, design, n / design, Score(p, n / design));
    }

    private static Interval Score(double p, double n)
    {
        var zz = Wilson.Z95 * Wilson.Z95;
        var centre = (p + zz / (2 * n)) / (1 + zz / n);
        var half = Wilson.Z95 / (1 + zz / n) * Math.Sqrt(p * (1 - p) / n + zz / (4 * n * n));
        return new(p == 0 ? 0 : centre - half, p == 1 ? 1 : centre + half);
    }
}
