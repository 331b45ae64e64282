using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Round section that runs linearly from one radius to another: cylinder or cone.</summary>
internal sealed class Round(double startRadiusMm, double endRadiusMm, double lengthMm) : Section
{
    private readonly float _start = (float)startRadiusMm;
    private readonly float _growth = (float)(endRadiusMm - startRadiusMm);
    private readonly float _perMm = (float)(1 / lengthMm);

    /// <summary>A cylinder.</summary>
    public Round(double radiusMm) : this(radiusMm, radiusMm, 1) { }

    public override double ReachMm { get; } = Math.Max(startRadiusMm, endRadiusMm);

    public override bool IsUniform { get; } = startRadiusMm == endRadiusMm;

    public override Vector256<float> Chord(Vector256<float> offset, Vector256<float> cos, Vector256<float> sin, Vector256<float> along)
    {
        var radius = Vector256.Create(_start) + Lanes.Clamp(along * _perMm, 0, 1) * _growth;
        return Half(radius * radius - offset * offset) * 2;
    }
}
