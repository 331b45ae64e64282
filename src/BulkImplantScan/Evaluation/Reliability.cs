namespace BulkImplantScan.Evaluation;

/// <summary>Confidence against accuracy, bin by bin.</summary>
/// <remarks>Bins of equal width on (low, high] (Guo 2017, ICML); a confidence of 0 goes to the first. The expected calibration error is biased upwards in small sets, where chance
/// alone moves each bin off its confidence: read it beside Brier and log loss.</remarks>
public sealed class Reliability
{
    /// <summary>Bins of the usual error (Guo 2017).</summary>
    public const int UsualBins = 15;

    private readonly double[] _weight, _confidence, _right;

    private Reliability(int bins) => (_weight, _confidence, _right) = (new double[bins], new double[bins], new double[bins]);

    /// <summary>Number of bins.</summary>
    public int Bins => _weight.Length;

    /// <summary>Films in the bin.</summary>
    public double Films(int bin) => _weight[bin];

    /// <summary>Mean confidence in the bin; NaN when it is empty.</summary>
    public double Confidence(int bin) => _confidence[bin] / _weight[bin];

    /// <summary>Share of right answers in the bin; NaN when it is empty.</summary>
    public double Accuracy(int bin) => _right[bin] / _weight[bin];

    /// <summary>Σ (n_b / N)·|accuracy − confidence|; NaN without films.</summary>
    public double Error
    {
        get
        {
            double error = 0;
            for (var b = 0; b < Bins; b++) error += Math.Abs(_right[b] - _confidence[b]); // both are sums: n_b cancels
            return error / _weight.Sum();
        }
    }

    /// <summary>Puts films into bins.</summary>
    /// <param name="confidences">Probability of the answer, [0, 1].</param>
    /// <param name="isRight">The answer is right.</param>
    /// <param name="weights">How often each film counts; empty: once.</param>
    /// <param name="bins">Number of bins.</param>
    public static Reliability Of(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> isRight, ReadOnlySpan<int> weights = default, int bins = UsualBins)
    {
        var made = new Reliability(bins);
        for (var i = 0; i < confidences.Length; i++)
        {
            var bin = Math.Clamp((int)Math.Ceiling(confidences[i] * bins) - 1, 0, bins - 1);
            var weight = weights.IsEmpty ? 1 : weights[i];
            made._weight[bin] += weight;
            made._confidence[bin] += weight * confidences[i];
            if (isRight[i]) made._right[bin] += weight;
        }

        return made;
    }
}
