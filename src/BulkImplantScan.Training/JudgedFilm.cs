namespace BulkImplantScan.Training;

/// <summary>A film with known truth and the network's answer.</summary>
/// <param name="Class">Index of the true class; −1 for hardware outside the catalogue where the model has no class for it.</param>
/// <param name="Logits">One per class.</param>
/// <param name="Answers">Which classes answer (devices, no implant); the others refuse.</param>
internal sealed record JudgedFilm(int Class, float[] Logits, bool[] Answers)
{
    /// <summary>Which film of its set.</summary>
    public int Film { get; init; }

    /// <summary>Means of the last feature maps, one per channel; empty where nobody needs them.</summary>
    public float[] Features { get; init; } = [];

    /// <summary>The truth is a class that answers.</summary>
    public bool IsKnown => Class >= 0 && Answers[Class];

    /// <summary>Index of the largest logit, the first of equals.</summary>
    public int Top => Array.IndexOf(Logits, Logits.Max());

    /// <summary>The largest logit is of a class that refuses.</summary>
    public bool IsRefused => !Answers[Top];

    /// <summary>Largest probability at temperature <paramref name="temperature"/>.</summary>
    public double Probability(double temperature) => Math.Exp(Logits.Max() / temperature - LogSum(temperature));

    /// <summary>−T·log Σ exp(z/T) over the classes that answer, as <see cref="Inference.Decision.Energy"/>.</summary>
    public double Energy(double temperature) => -temperature * LogSum(temperature, [.. Logits.Where((_, c) => Answers[c])]);

    /// <summary>log Σ exp(z/T).</summary>
    public double LogSum(double temperature) => LogSum(temperature, Logits);

    private static double LogSum(double temperature, float[] logits)
    {
        double top = logits.Max();
        return top / temperature + Math.Log(logits.Sum(z => Math.Exp((z - top) / temperature)));
    }
}
