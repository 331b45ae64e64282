namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Section of a ball whose axis is a diameter.</summary>
internal sealed class Ball(double radiusMm) : Section
{
    public override double ReachMm => radiusMm;

    public override double Chord(double offset, double cos, double sin, double along)
    {
        var square = radiusMm * radiusMm - offset * offset - (along - radiusMm) * (along - radiusMm);
        return square > 0 ? 2 * Math.Sqrt(square) : 0;
    }
}
