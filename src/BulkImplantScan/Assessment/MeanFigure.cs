using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>A mean over independent films.</summary>
/// <param name="N">Films that have the figure.</param>
/// <param name="Value">Null of none.</param>
/// <param name="Lo">Lower bound, 95 %, by the normal law; null of fewer than <see cref="FewestForInterval"/>.</param>
/// <param name="Hi">Upper bound.</param>
public sealed record MeanFigure(int N, double? Value, double? Lo, double? Hi)
{
    /// <summary>Of fewer the normal law says little.</summary>
    public const int FewestForInterval = 30;

    /// <summary>Of those that are not null.</summary>
    public static MeanFigure Of(IEnumerable<double?> films)
    {
        double[] values = [.. films.OfType<double>()];
        if (values.Length == 0) return new(0, null, null, null);
        var mean = values.Average();
        if (values.Length < FewestForInterval) return new(values.Length, mean, null, null);
        var half = Wilson.Z95 * Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
        return new(values.Length, mean, mean - half, mean + half);
    }
}
