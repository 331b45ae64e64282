namespace BulkImplantScan.Evaluation;

/// <summary>Errors among the answers that are kept, while fewer and fewer are kept: the most confident stay longest.</summary>
/// <remarks>Risk at k: errors of the k most confident over k. AURC is its mean over k = 1 … N (Geifman 2017, NeurIPS), AUGRC the mean of
/// errors over N (Traub 2024, NeurIPS). Among films of one confidence the order is chance: errors are spread evenly over their places.</remarks>
public sealed class RiskCoverage
{
    private readonly double[] _errors; // expected errors among the k + 1 most confident

    private RiskCoverage(double[] errors)
    {
        _errors = errors;
        for (var k = 0; k < errors.Length; k++)
        {
            Aurc += errors[k] / (k + 1);
            Augrc += errors[k] / errors.Length;
        }

        Aurc /= errors.Length;
        Augrc /= errors.Length;
    }

    /// <summary>Films.</summary>
    public int Films => _errors.Length;

    /// <summary>Area under the risk-coverage curve: 0 is best; NaN without films.</summary>
    public double Aurc { get; }

    /// <summary>Area under the generalised risk-coverage curve; NaN without films.</summary>
    public double Augrc { get; }

    /// <summary>Errors among the most confident films over their number.</summary>
    /// <param name="kept">From 1 to <see cref="Films"/>.</param>
    public double Risk(int kept) => _errors[kept - 1] / kept;

    /// <summary>Sorts films by confidence.</summary>
    /// <param name="confidences">Of the answers.</param>
    /// <param name="isRight">The answer is right.</param>
    /// <param name="weights">How often each film counts; empty: once.</param>
    public static RiskCoverage Of(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> isRight, ReadOnlySpan<int> weights = default)
    {
        var films = confidences.Length;
        if (!weights.IsEmpty)
        {
            films = 0;
            foreach (var weight in weights) films += weight;
        }

        var (keys, errors) = (new double[films], new double[films]);
        for (int i = 0, at = 0; i < confidences.Length; i++)
        {
            for (var left = weights.IsEmpty ? 1 : weights[i]; left > 0; left--, at++)
                (keys[at], errors[at]) = (-confidences[i], isRight[i] ? 0 : 1);
        }

        Array.Sort(keys, errors);
        double before = 0;
        for (int from = 0, to; from < keys.Length; from = to)
        {
            double tied = 0;
            for (to = from; to < keys.Length && keys[to] == keys[from]; to++) tied += errors[to];
            for (var i = from; i < to; i++) errors[i] = before + tied * (i - from + 1) / (to - from);
            before += tied;
        }

        return new(errors);
    }
}
