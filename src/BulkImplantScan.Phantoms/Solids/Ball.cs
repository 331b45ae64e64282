using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Section of a ball whose axis is a diameter.</summary>
internal sealed class Ball(double radiusMm) : Section
{
    private readonly float _radius = (float)radiusMm;

    public override double ReachMm { get; } = radiusMm;

    public override Vector256<float> Chord(Vector256<float> offset, Vector256<float> cos, Vector256<float> sin, Vector256<float> along)
    {
        var fromCentre = along - Vector256.Create(_radius);
        return Half(Vector256.Create(_radius * _radius) - offset * offset - fromCentre * fromCentre) * 2;
    }
}
