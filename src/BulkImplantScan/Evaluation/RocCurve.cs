namespace BulkImplantScan.Evaluation;

/// <summary>The corners of an ROC curve: one for each threshold that tells films apart.</summary>
public static class RocCurve
{
    /// <summary>From (0, 0) to (1, 1); films of equal score are passed in one step, so a tie is a slope.</summary>
    /// <param name="positives">Scores of the films of the class.</param>
    /// <param name="negatives">Scores of the others.</param>
    /// <returns>1 − specificity and sensitivity; empty when there are none of either.</returns>
    public static (double FalsePositiveRate, double TruePositiveRate)[] Of(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives)
    {
        if (positives.IsEmpty || negatives.IsEmpty) return [];
        double[] p = [.. positives], n = [.. negatives];
        Array.Sort(p, (a, b) => b.CompareTo(a));
        Array.Sort(n, (a, b) => b.CompareTo(a));
        var corners = new List<(double, double)> { (0, 0) };
        int tp = 0, fp = 0;
        while (tp < p.Length || fp < n.Length)
        {
            var next = tp == p.Length ? n[fp] : fp == n.Length ? p[tp] : Math.Max(p[tp], n[fp]);
            while (tp < p.Length && p[tp] == next) tp++;
            while (fp < n.Length && n[fp] == next) fp++;
            var corner = (fp / (double)n.Length, tp / (double)p.Length);

            // A corner on the straight way between two others is none.
            if (corners.Count > 1 && (corners[^1].Item1 == corners[^2].Item1 && corner.Item1 == corners[^1].Item1
                || corners[^1].Item2 == corners[^2].Item2 && corner.Item2 == corners[^1].Item2)) corners[^1] = corner;
            else corners.Add(corner);
        }

        return [.. corners];
    }
}
