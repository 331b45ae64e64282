using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Round section that runs linearly from one radius to another: cylinder or cone.</summary>
internal sealed class Round(double startRadiusMm, double endRadiusMm, double lengthMm) : Section
{
    /// <summary>A cylinder.</summary>
    public Round(double radiusMm) : this(radiusMm, radiusMm, 1) { }

    public override double ReachMm => Math.Max(startRadiusMm, endRadiusMm);

    public override bool IsUniform => startRadiusMm == endRadiusMm;

    public override Vector256<double> Chord(Vector256<double> offset, Vector256<double> cos, Vector256<double> sin, Vector256<double> along)
    {
        var radius = Vector256.Create(startRadiusMm) + Lanes.Clamp(along / lengthMm, 0, 1) * (endRadiusMm - startRadiusMm);
        return Half(radius * radius - offset * offset) * 2;
    }
}
