namespace BulkImplantScan.Assessment;

/// <summary>One class against all others.</summary>
/// <param name="Id">Of the class.</param>
/// <param name="Name">Manufacturer and model, or the id.</param>
/// <param name="Kind"><c>device</c> or <c>none</c>.</param>
/// <param name="N">Units that show it.</param>
/// <param name="Scored">Of those, with probabilities: what the area is of.</param>
/// <param name="OthersScored">Other units with probabilities.</param>
/// <param name="Patients">Patients of the units that show it.</param>
/// <param name="Precision">TP / (TP + FP).</param>
/// <param name="Sensitivity">TP / (TP + FN).</param>
/// <param name="Specificity">TN / (TN + FP).</param>
/// <param name="F1">2TP / (2TP + FP + FN).</param>
/// <param name="Auc">Area under the ROC curve.</param>
public sealed record DeviceFigures(
    string Id, string Name, string Kind, int N, int Scored, int OthersScored, int Patients,
    Estimate Precision, Estimate Sensitivity, Estimate Specificity, Estimate F1, Estimate Auc);
