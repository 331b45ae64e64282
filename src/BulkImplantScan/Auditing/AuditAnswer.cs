namespace BulkImplantScan.Auditing;

/// <summary>What a network says of one film.</summary>
/// <param name="Probabilities">Of its classes.</param>
/// <param name="OnDevice">Share of the Grad-CAM that lies on the device; null: no map, or no device.</param>
/// <param name="DeviceShare">Share of the film, as the network sees it, that is device.</param>
public sealed record AuditAnswer(double[] Probabilities, double? OnDevice = null, double DeviceShare = 0)
{
    /// <summary>Class of the largest probability, the first of equals.</summary>
    public int Top { get; } = Array.IndexOf(Probabilities, Probabilities.Max());

    /// <summary>The most probable of some classes.</summary>
    public int TopOf(IReadOnlyList<int> classes) => classes.MaxBy(c => Probabilities[c]);
}
