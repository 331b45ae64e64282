namespace BulkImplantScan.Phantoms.Films;

/// <summary>What the header says about exposure and display.</summary>
internal sealed record Look
{
    public Curve Curve { get; init; }
    public double WindowCenter { get; init; }
    public double WindowWidth { get; init; }

    /// <summary>VOI LUT of 12 bits by stored value; empty unless <see cref="Curve.Table"/>.</summary>
    public ushort[] Table { get; init; } = [];

    public Machine Machine { get; init; } = Machine.All[0];
    public int KiloVolts { get; init; }
    public int MilliAmpereSeconds { get; init; }
    public double SourceToDetectorMm { get; init; }
    public double SourceToPatientMm { get; init; }
}
