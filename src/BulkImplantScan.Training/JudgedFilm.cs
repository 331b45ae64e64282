namespace BulkImplantScan.Training;

/// <summary>A film with known truth and the network's answer.</summary>
/// <param name="Class">Index of the true class; −1 for hardware outside the catalogue.</param>
/// <param name="Logits">One per class.</param>
internal sealed record JudgedFilm(int Class, float[] Logits)
{
    /// <summary>Index of the largest logit, the first of equals.</summary>
    public int Top => Array.IndexOf(Logits, Logits.Max());

    /// <summary>Largest probability at temperature <paramref name="temperature"/>.</summary>
    public double Probability(double temperature) => Math.Exp(Logits.Max() / temperature - LogSum(temperature));

    /// <summary>−T·log Σ exp(z/T).</summary>
    public double Energy(double temperature) => -temperature * LogSum(temperature);

    /// <summary>log Σ exp(z/T).</summary>
    public double LogSum(double temperature)
    {
        double top = Logits.Max();
        return top / temperature + Math.Log(Logits.Sum(z => Math.Exp((z - top) / temperature)));
    }
}
