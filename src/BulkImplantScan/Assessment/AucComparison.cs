namespace BulkImplantScan.Assessment;

/// <summary>Areas of one class in two runs (paired DeLong).</summary>
/// <param name="Id">Of the class.</param>
/// <param name="N">Films that show it.</param>
/// <param name="Auc">Of this run.</param>
/// <param name="OtherAuc">Of the other.</param>
/// <param name="DifferenceLo">95 % interval of other − this, films independent.</param>
/// <param name="DifferenceHi">Its upper bound.</param>
/// <param name="P">Two-sided; null where it cannot be told.</param>
public sealed record AucComparison(string Id, int N, double? Auc, double? OtherAuc, double? DifferenceLo, double? DifferenceHi, double? P);
