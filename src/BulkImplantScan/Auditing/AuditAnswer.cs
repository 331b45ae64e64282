namespace BulkImplantScan.Auditing;

/// <summary>What a network says of one film.</summary>
/// <param name="Probabilities">Of its classes.</param>
/// <param name="OnDevice">Share of the Grad-CAM that lies on the device; null: no map, or no device.</param>
/// <param name="DeviceShare">Share of the film, as the network sees it, that is device.</param>
public sealed record AuditAnswer(double[] Probabilities, double? OnDevice = null, double DeviceShare = 0)
{
    /// <summary>Class of the largest probability, the first of equals.</summary>
    public int Top { get; private init; } = Array.IndexOf(Probabilities, Probabilities.Max());

    /// <summary>The answer if it had to be one of some classes: probabilities given that it is; evenly among them where all are 0.</summary>
    public AuditAnswer Among(IReadOnlyList<int> classes)
    {
        var forced = new double[Probabilities.Length];
        var sum = classes.Sum(c => Probabilities[c]);
        foreach (var c in classes) forced[c] = sum > 0 ? Probabilities[c] / sum : 1.0 / classes.Count;
        return this with { Probabilities = forced, Top = TopOf(classes) };
    }

    /// <summary>The most probable of some classes.</summary>
    public int TopOf(IReadOnlyList<int> classes) => classes.MaxBy(c => Probabilities[c]);
}
