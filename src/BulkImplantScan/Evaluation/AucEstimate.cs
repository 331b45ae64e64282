namespace BulkImplantScan.Evaluation;

/// <summary>An area under the ROC curve with its interval.</summary>
/// <param name="Auc">Probability that a positive scores above a negative, ties counted half: [0, 1]; NaN when there are none of either.</param>
/// <param name="Interval">95 % interval; all of [0, 1] when there are none of either.</param>
/// <param name="Positives">Count of positives.</param>
/// <param name="Negatives">Count of negatives.</param>
/// <param name="Method">How the interval was made.</param>
public readonly record struct AucEstimate(double Auc, Interval Interval, int Positives, int Negatives, AucMethod Method);
