namespace BulkImplantScan.Phantoms.Films;

/// <summary>An invented X-ray machine: what its films have in common.</summary>
/// <param name="Maker">Manufacturer, invented.</param>
/// <param name="Model">Model name, invented.</param>
/// <param name="PitchMm">Detector pitch.</param>
/// <param name="Bits">Usual Bits Stored.</param>
/// <param name="Monochrome1">Probability of MONOCHROME1.</param>
/// <param name="Efficiency">Of the detector, relative to CsI.</param>
/// <param name="Blur">Of the detector, relative to CsI.</param>
/// <param name="Edge">Strength of its edge enhancement.</param>
internal sealed record Machine(
    string Maker, string Model, double PitchMm, int Bits, double Monochrome1, double Efficiency, double Blur, double Edge)
{
    /// <summary>All machines.</summary>
    public static IReadOnlyList<Machine> All { get; } =
    [
        new("Northlight Imaging", "NL Flat 43", 0.143, 14, 0.1, 1, 1, 0.8),
        new("Northlight Imaging", "NL Mobile", 0.148, 12, 0.1, 0.9, 1, 1.1),
        new("Halden Medical", "Skia DR", 0.139, 12, 0.3, 0.95, 1.1, 1.3),
        new("Halden Medical", "Skia CR", 0.150, 12, 0.7, 0.5, 1.4, 1),
        new("Ostrava Roentgen", "OR-500", 0.125, 14, 0, 1, 0.9, 0.6),
    ];
}
