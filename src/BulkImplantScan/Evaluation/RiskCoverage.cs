namespace BulkImplantScan.Evaluation;

/// <summary>Errors among the answers that are kept, while fewer and fewer are kept: the most confident stay longest.</summary>
/// <remarks>Risk at k: errors of the k most confident over k. AURC is its mean over k = 1 … N (Geifman 2017, NeurIPS), AUGRC the mean of
/// errors over N (Traub 2024, NeurIPS). Among films of one confidence the order is chance: errors are spread evenly over their places.</remarks>
public sealed class RiskCoverage
{
    private readonly int[] _order; // the most confident first
    private readonly double[] _confidences;
    private readonly bool[] _isRight;
    private readonly double[] _errors; // expected errors among the k + 1 most confident

    private RiskCoverage(double[] confidences, bool[] isRight)
    {
        (_confidences, _isRight) = (confidences, isRight);
        _order = [.. Enumerable.Range(0, confidences.Length).OrderByDescending(i => confidences[i])];
        _errors = new double[confidences.Length];
        (Aurc, Augrc) = Walk(Array.ConvertAll(confidences, _ => 1), _errors);
    }

    /// <summary>Films.</summary>
    public int Films => _errors.Length;

    /// <summary>Area under the risk-coverage curve: 0 is best; NaN without films.</summary>
    public double Aurc { get; }

    /// <summary>Area under the generalised risk-coverage curve; NaN without films.</summary>
    public double Augrc { get; }

    /// <summary>Sorts films by confidence.</summary>
    /// <param name="confidences">Of the answers.</param>
    /// <param name="isRight">The answer is right.</param>
    public static RiskCoverage Of(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> isRight) => new(confidences.ToArray(), isRight.ToArray());

    /// <summary>Errors among the most confident films over their number.</summary>
    /// <param name="kept">From 1 to <see cref="Films"/>.</param>
    public double Risk(int kept) => _errors[kept - 1] / kept;

    /// <summary>Both areas with films that count any number of times; NaN where none counts.</summary>
    /// <param name="weights">How often each film counts.</param>
    public (double Aurc, double Augrc) Areas(ReadOnlySpan<int> weights) => Walk(weights, []);

    private (double Aurc, double Augrc) Walk(ReadOnlySpan<int> weights, Span<double> errors)
    {
        double before = 0, risks = 0, sum = 0;
        var place = 0;
        for (int from = 0, to; from < _order.Length; from = to)
        {
            int tied = 0, wrong = 0;
            for (to = from; to < _order.Length && _confidences[_order[to]] == _confidences[_order[from]]; to++)
            {
                tied += weights[_order[to]];
                if (!_isRight[_order[to]]) wrong += weights[_order[to]];
            }

            for (var i = 1; i <= tied; i++)
            {
                var expected = before + (double)wrong * i / tied;
                if (!errors.IsEmpty) errors[place] = expected;
                risks += expected / ++place;
                sum += expected;
            }

            before += wrong;
        }

        return (risks / place, sum / place / place);
    }
}
