using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Screw thread: the radius swings between core and crest once a pitch, and goes round as a helix.</summary>
/// <remarks>The near and the far half of a line meet the helix at opposite slants: that makes the crossed pattern
/// between two toothed outlines that a film shows.</remarks>
internal sealed class Thread(double coreRadiusMm, double crestRadiusMm, double pitchMm, double lengthMm, double tipTaperMm, double phase)
    : Section
{
    public override double ReachMm => crestRadiusMm;

    public override Vector256<double> Chord(Vector256<double> offset, Vector256<double> cos, Vector256<double> sin, Vector256<double> along)
    {
        var quarter = Vector256<double>.Zero;
        for (var lane = 0; lane < Vector256<double>.Count; lane++)
            quarter = quarter.WithElement(lane, Math.Asin(Math.Clamp(offset[lane] / crestRadiusMm, -1, 1)) / (2 * Math.PI));
        var turn = along / pitchMm + Vector256.Create(phase);
        return Side(offset, turn + quarter, along) + Side(offset, turn + Vector256.Create(0.5) - quarter, along);
    }

    private Vector256<double> Side(Vector256<double> offset, Vector256<double> turn, Vector256<double> along)
    {
        // Sharp crest, wide flat root, as bone screws are cut.
        var saw = Vector256.Abs((turn - Vector256.Floor(turn)) * 2 - Vector256<double>.One);
        var radius = Vector256.Create(coreRadiusMm) + Lanes.Clamp(saw * 1.6 - Vector256.Create(0.6), 0, 1) * (crestRadiusMm - coreRadiusMm);
        var fromTip = Vector256.Max(Vector256.Create(lengthMm) - along, Vector256<double>.Zero);
        var tapered = Vector256.Create(coreRadiusMm * 0.3) + fromTip * (crestRadiusMm - coreRadiusMm * 0.3) / tipTaperMm;
        radius = Vector256.ConditionalSelect(Vector256.LessThan(fromTip, Vector256.Create(tipTaperMm)), Vector256.Min(radius, tapered), radius);
        return Half(radius * radius - offset * offset);
    }
}
