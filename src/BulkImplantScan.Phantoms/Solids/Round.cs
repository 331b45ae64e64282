namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Round section that runs linearly from one radius to another: cylinder or cone.</summary>
internal sealed class Round(double startRadiusMm, double endRadiusMm, double lengthMm) : Section
{
    /// <summary>A cylinder.</summary>
    public Round(double radiusMm) : this(radiusMm, radiusMm, 1) { }

    public override double ReachMm => Math.Max(startRadiusMm, endRadiusMm);

    public override double Chord(double offset, double cos, double sin, double along)
    {
        var radius = startRadiusMm + (endRadiusMm - startRadiusMm) * Math.Clamp(along / lengthMm, 0, 1);
        var square = radius * radius - offset * offset;
        return square > 0 ? 2 * Math.Sqrt(square) : 0;
    }
}
