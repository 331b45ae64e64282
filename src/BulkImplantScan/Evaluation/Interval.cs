namespace BulkImplantScan.Evaluation;

/// <summary>A two-sided interval of an estimate.</summary>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound, at least <paramref name="Low"/>.</param>
public readonly record struct Interval(double Low, double High);
