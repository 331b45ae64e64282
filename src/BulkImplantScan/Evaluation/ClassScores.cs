namespace BulkImplantScan.Evaluation;

/// <summary>How one class is told from all others.</summary>
/// <param name="TruePositives">Films of the class that were called so.</param>
/// <param name="FalsePositives">Films of other classes that were called so.</param>
/// <param name="FalseNegatives">Films of the class that were called otherwise.</param>
/// <param name="TrueNegatives">The rest.</param>
/// <remarks>Each share is NaN when nothing is there to take it of; its interval is then all of [0, 1].</remarks>
public readonly record struct ClassScores(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    /// <summary>Share of films called so that are: TP / (TP + FP). It depends on how common the class is among the films.</summary>
    public double Precision => TruePositives / (double)(TruePositives + FalsePositives);

    /// <summary>Share of the class's films that were called so: TP / (TP + FN).</summary>
    public double Sensitivity => TruePositives / (double)(TruePositives + FalseNegatives);

    /// <summary>Share of the others that were not called so: TN / (TN + FP).</summary>
    public double Specificity => TrueNegatives / (double)(TrueNegatives + FalsePositives);

    /// <summary>Harmonic mean of precision and sensitivity: 2TP / (2TP + FP + FN).</summary>
    public double F1 => 2 * TruePositives / (double)(2 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>95 % Wilson interval of <see cref="Precision"/>, films taken as independent.</summary>
    public Interval PrecisionInterval => Wilson.Of(TruePositives, TruePositives + FalsePositives);

    /// <summary>95 % Wilson interval of <see cref="Sensitivity"/>, films taken as independent.</summary>
    public Interval SensitivityInterval => Wilson.Of(TruePositives, TruePositives + FalseNegatives);

    /// <summary>95 % Wilson interval of <see cref="Specificity"/>, films taken as independent.</summary>
    public Interval SpecificityInterval => Wilson.Of(TrueNegatives, TrueNegatives + FalsePositives);

    /// <summary>95 % interval of <see cref="F1"/>: J = TP / (TP + FP + FN) is a share, F1 = 2J / (1 + J), so Wilson's interval of J is carried over.</summary>
    public Interval F1Interval => Wilson.Of(TruePositives, TruePositives + FalsePositives + FalseNegatives) is var j
        ? new(2 * j.Low / (1 + j.Low), 2 * j.High / (1 + j.High)) : default;
}
