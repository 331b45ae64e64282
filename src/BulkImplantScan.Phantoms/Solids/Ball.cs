using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Section of a ball whose axis is a diameter.</summary>
internal sealed class Ball(double radiusMm) : Section
{
    public override double ReachMm => radiusMm;

    public override Vector256<double> Chord(Vector256<double> offset, Vector256<double> cos, Vector256<double> sin, Vector256<double> along)
    {
        var fromCentre = along - Vector256.Create(radiusMm);
        return Half(Vector256.Create(radiusMm * radiusMm) - offset * offset - fromCentre * fromCentre) * 2;
    }
}
