namespace BulkImplantScan.Assessment;

/// <summary>Areas of one class in two runs.</summary>
/// <param name="Id">Of the class.</param>
/// <param name="N">Films that show it.</param>
/// <param name="Auc">Of this run.</param>
/// <param name="OtherAuc">Of the other.</param>
/// <param name="DifferenceLo">95 % interval of other − this, patients independent.</param>
/// <param name="DifferenceHi">Its upper bound.</param>
/// <param name="P">Two-sided, films independent (DeLong 1988); null where it cannot be told.</param>
/// <param name="PatientP">Two-sided, patients independent (Obuchowski 1997); null where it cannot be told.</param>
public sealed record AucComparison(
    string Id, int N, double? Auc, double? OtherAuc, double? DifferenceLo, double? DifferenceHi, double? P, double? PatientP);
