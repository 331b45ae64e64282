namespace BulkImplantScan.Evaluation;

/// <summary>What a score of outlyingness does at a threshold: larger = more unlike the films that the model knows.</summary>
/// <remarks>"FPR at 95 % TPR" is printed both ways in the literature, so each has a name here that says what it counts. The threshold is one
/// of the scores: the least that reaches 95 %, ties included.</remarks>
public static class OutlierRates
{
    private const double Kept = 0.95;

    /// <summary>Unknown films that pass as known where 95 % of the known films pass (Liang 2018, ICLR: known is positive).</summary>
    /// <returns>The count, of all <paramref name="unknown"/>; 0 when there is no known film.</returns>
    public static int UnknownPassed(ReadOnlySpan<double> known, ReadOnlySpan<double> unknown)
    {
        if (known.IsEmpty) return 0;
        double[] sorted = [.. known];
        Array.Sort(sorted);
        var threshold = sorted[Rank(sorted.Length) - 1];
        var count = 0;
        foreach (var score in unknown)
            if (score <= threshold) count++;
        return count;
    }

    /// <summary>Known films that are refused where 95 % of the unknown films are (unknown is positive).</summary>
    /// <returns>The count, of all <paramref name="known"/>; 0 when there is no unknown film.</returns>
    public static int KnownRefused(ReadOnlySpan<double> known, ReadOnlySpan<double> unknown)
    {
        if (unknown.IsEmpty) return 0;
        double[] sorted = [.. unknown];
        Array.Sort(sorted);
        var threshold = sorted[sorted.Length - Rank(sorted.Length)];
        var count = 0;
        foreach (var score in known)
            if (score >= threshold) count++;
        return count;
    }

    private static int Rank(int films) => (int)Math.Ceiling(Kept * films - 1e-9);
}
