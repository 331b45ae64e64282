namespace BulkImplantScan.Training;

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean of the steps' weighted cross entropy.</param>
/// <param name="Inside">Mean share of the evidence for a film's own class that lies on its metal, of films with a mask; NaN without.</param>
/// <param name="ValidationLoss">Mean cross entropy of the validation films, not weighted; NaN when there are none.</param>
/// <param name="Accuracy">Share of validation films whose largest logit is right; NaN when there are none.</param>
/// <param name="IsFull">At the full input size; those before saw films at half of it.</param>
/// <param name="FilmsPerSecond">Of training, validation included in the time.</param>
internal sealed record EpochReport(
    int Epoch, double Loss, double Inside, double ValidationLoss, double Accuracy, bool IsFull, double FilmsPerSecond);
