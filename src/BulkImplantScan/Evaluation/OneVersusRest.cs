namespace BulkImplantScan.Evaluation;

/// <summary>One class against all others, with units that count any number of times: what a bootstrap asks for.</summary>
public sealed class OneVersusRest
{
    private readonly int[] _units;
    private readonly bool[] _is, _called;
    private readonly int[] _ranked; // places in _units of those with a score, by score
    private readonly int[] _group;  // of each of those, the number of its score: equal scores, equal numbers

    /// <summary>Prepares.</summary>
    /// <param name="units">Places of the units in the weights; others are not in the comparison.</param>
    /// <param name="isOf">The unit is of the class.</param>
    /// <param name="isCalled">It was called so.</param>
    /// <param name="scores">Larger = more of the class; NaN: it has none, and counts for no area.</param>
    public OneVersusRest(int[] units, bool[] isOf, bool[] isCalled, double[] scores)
    {
        (_units, _is, _called) = (units, isOf, isCalled);
        _ranked = [.. Enumerable.Range(0, units.Length).Where(i => !double.IsNaN(scores[i])).OrderBy(i => scores[i])];
        _group = new int[_ranked.Length];
        for (var i = 1; i < _ranked.Length; i++) _group[i] = _group[i - 1] + (scores[_ranked[i]] == scores[_ranked[i - 1]] ? 0 : 1);
        Positives = [.. _ranked.Where(i => isOf[i]).Select(i => scores[i])];
        Negatives = [.. _ranked.Where(i => !isOf[i]).Select(i => scores[i])];
    }

    /// <summary>Scores of the units of the class.</summary>
    public double[] Positives { get; }

    /// <summary>Scores of the others.</summary>
    public double[] Negatives { get; }

    /// <summary>Counts.</summary>
    /// <param name="weights">How often each unit counts.</param>
    public ClassScores Counts(ReadOnlySpan<int> weights)
    {
        long tp = 0, fp = 0, fn = 0, tn = 0;
        for (var i = 0; i < _units.Length; i++)
        {
            var weight = weights[_units[i]];
            if (_is[i])
            {
                if (_called[i]) tp += weight;
                else fn += weight;
            }
            else if (_called[i])
            {
                fp += weight;
            }
            else
            {
                tn += weight;
            }
        }

        return new(tp, fp, fn, tn);
    }

    /// <summary>Area under the ROC curve, ties counted half; NaN when there are none of either.</summary>
    /// <param name="weights">How often each unit counts.</param>
    public double Auc(ReadOnlySpan<int> weights)
    {
        double ordered = 0;
        long negatives = 0, positives = 0;
        for (int from = 0, to; from < _ranked.Length; from = to)
        {
            long of = 0, other = 0;
            for (to = from; to < _ranked.Length && _group[to] == _group[from]; to++)
            {
                var weight = weights[_units[_ranked[to]]];
                if (_is[_ranked[to]]) of += weight;
                else other += weight;
            }

            ordered += of * (negatives + other / 2.0);
            (positives, negatives) = (positives + of, negatives + other);
        }

        return ordered / ((double)positives * negatives);
    }
}
