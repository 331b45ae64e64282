namespace BulkImplantScan.Training;

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean of the steps' weighted cross entropy.</param>
/// <param name="Accuracy">Share of validation films whose largest logit is right; NaN when there are none.</param>
/// <param name="FilmsPerSecond">Of training, validation included in the time.</param>
/// <param name="Took">Time of the epoch.</param>
internal sealed record EpochReport(int Epoch, double Loss, double Accuracy, double FilmsPerSecond, TimeSpan Took);
