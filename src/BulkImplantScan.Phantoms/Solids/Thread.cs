namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Screw thread: the radius swings between core and crest once a pitch, and goes round as a helix.</summary>
/// <remarks>The near and the far half of a line meet the helix at opposite slants: that makes the crossed pattern
/// between two toothed outlines that a film shows.</remarks>
internal sealed class Thread(double coreRadiusMm, double crestRadiusMm, double pitchMm, double lengthMm, double tipTaperMm, double phase)
    : Section
{
    public override double ReachMm => crestRadiusMm;

    public override double Chord(double offset, double cos, double sin, double along)
    {
        if (Math.Abs(offset) >= crestRadiusMm) return 0;
        var quarter = Math.Asin(offset / crestRadiusMm) / (2 * Math.PI);
        var turn = along / pitchMm + phase;
        return Half(offset, turn + quarter, along) + Half(offset, turn + 0.5 - quarter, along);
    }

    private double Half(double offset, double turn, double along)
    {
        // Sharp crest, wide flat root, as bone screws are cut.
        var saw = Math.Abs(2 * (turn - Math.Floor(turn)) - 1);
        var radius = coreRadiusMm + (crestRadiusMm - coreRadiusMm) * Math.Clamp(1.6 * saw - 0.6, 0, 1);
        var fromTip = lengthMm - along;
        if (fromTip < tipTaperMm) radius = Math.Min(radius, coreRadiusMm * 0.3 + (crestRadiusMm - coreRadiusMm * 0.3) * Math.Max(fromTip, 0) / tipTaperMm);
        var square = radius * radius - offset * offset;
        return square > 0 ? Math.Sqrt(square) : 0;
    }
}
