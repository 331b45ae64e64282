namespace BulkImplantScan.Evaluation;

/// <summary>Two answers to the same films: does one model err where the other does not, more often than the other way round?</summary>
/// <remarks>McNemar 1947, Psychometrika 12:153. <see cref="Exact"/> is the binomial test of the films on which they differ, taken as
/// independent. With several films a patient that p is too small; <see cref="Obuchowski"/> and <see cref="Durkalski"/> take the patient as unit.</remarks>
/// <param name="OnlyFirst">Films that only the first model has right (b).</param>
/// <param name="OnlySecond">Films that only the second has right (c).</param>
/// <param name="Exact">Two-sided exact p: 1 when they never differ.</param>
/// <param name="Obuchowski">p of ((K − 1) / K)·(Σdₖ)² / Σdₖ², dₖ = bₖ − cₖ of patient k (Obuchowski 1998, Statist. Med. 17:1495: the
/// difference of two shares of all films). NaN when no patient differs.</param>
/// <param name="Durkalski">p of (Σdₖ/nₖ)² / Σ(dₖ/nₖ)² (Durkalski 2003, Statist. Med. 22:2417: each patient counts alike). NaN when no patient differs.</param>
public readonly record struct McNemar(int OnlyFirst, int OnlySecond, double Exact, double Obuchowski, double Durkalski)
{
    /// <summary>Compares.</summary>
    /// <param name="first">The first model is right, film by film.</param>
    /// <param name="second">The second model is right on the same film.</param>
    /// <param name="patients">Of each film its patient, any number.</param>
    /// <exception cref="ArgumentException">Not of one length.</exception>
    public static McNemar Of(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second, ReadOnlySpan<int> patients)
    {
        if (first.Length != second.Length || first.Length != patients.Length) throw new ArgumentException("not of one length", nameof(second));
        int b = 0, c = 0;
        var clusters = new Dictionary<int, (int Difference, int Films)>();
        for (var i = 0; i < first.Length; i++)
        {
            var difference = (first[i] ? 1 : 0) - (second[i] ? 1 : 0);
            if (difference > 0) b++;
            if (difference < 0) c++;
            var (sum, films) = clusters.GetValueOrDefault(patients[i]);
            clusters[patients[i]] = (sum + difference, films + 1);
        }

        double k = clusters.Count, total = 0, squares = 0, shares = 0, shareSquares = 0;
        foreach (var (difference, films) in clusters.Values)
        {
            var share = difference / (double)films;
            total += difference;
            squares += (double)difference * difference;
            shares += share;
            shareSquares += share * share;
        }

        return new(
            b, c, Binomial(Math.Min(b, c), b + c), Normal.ChiSquareOne((k - 1) / k * total * total / squares), Normal.ChiSquareOne(shares * shares / shareSquares));
    }

    /// <summary>Twice P(X ≤ k) of n fair coins, at most 1.</summary>
    private static double Binomial(int k, int n)
    {
        if (n == 0) return 1;
        double sum = 0;
        for (var i = 0; i <= k; i++) sum += Math.Exp(LogGamma.Choose(n, i) - n * Math.Log(2));
        return Math.Min(1, 2 * sum);
    }
}
