namespace BulkImplantScan.Evaluation;

/// <summary>log p / (1 − p) of a class: the score that ROC curves are drawn of.</summary>
/// <remarks>1 − p is the sum of the other classes, not a difference. In single precision there are 1.7·10⁷ numbers in [½, 1] and far more near 0: by p itself
/// half of all confident films would be tied at 1. The order is that of p wherever p tells films apart.</remarks>
public static class LogOdds
{
    /// <summary>One class against the others.</summary>
    /// <param name="probabilities">Of all classes.</param>
    /// <param name="of">The class.</param>
    /// <returns>Infinite where p or the others' sum is 0.</returns>
    public static double Of(ReadOnlySpan<double> probabilities, int of)
    {
        double others = 0;
        for (var c = 0; c < probabilities.Length; c++)
            if (c != of) others += probabilities[c];
        return Math.Log(probabilities[of]) - Math.Log(others);
    }
}
