namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Four fins in a cross around a core, twisted along the axis: a helical blade.</summary>
internal sealed class Fins(double coreRadiusMm, double reachMm, double thicknessMm, double lengthMm, double twistPerMm, double startRadians)
    : Section
{
    private const double RoundingMm = 6;

    public override double ReachMm => reachMm;

    public override double Chord(double offset, double cos, double sin, double along)
    {
        var (turnSin, turnCos) = Math.SinCos(startRadians + twistPerMm * along);
        double c = cos * turnCos + sin * turnSin, s = sin * turnCos - cos * turnSin;
        var square = coreRadiusMm * coreRadiusMm - offset * offset;
        var core = square > 0 ? Math.Sqrt(square) : 0;
        // Fins rise out of the core and sink into it again: no corner on the outline.
        var rise = Math.Clamp(Math.Min(along, lengthMm - along) / RoundingMm, 0, 1);
        var reach = coreRadiusMm + (reachMm - coreRadiusMm) * Math.Sqrt(rise * (2 - rise));
        var (a0, a1) = Plank.Cut(offset, c, s, reach, thicknessMm / 2);
        var (b0, b1) = Plank.Cut(offset, c, s, thicknessMm / 2, reach);
        return Union(-core, core, a0, a1, b0, b1);
    }

    private static double Union(double a0, double a1, double b0, double b1, double c0, double c1)
    {
        if (b0 < a0) (a0, a1, b0, b1) = (b0, b1, a0, a1);
        if (c0 < a0) (a0, a1, c0, c1) = (c0, c1, a0, a1);
        if (c0 < b0) (b0, b1, c0, c1) = (c0, c1, b0, b1);
        var end = a1;
        var sum = Math.Max(a1 - a0, 0);
        sum += Math.Max(b1 - Math.Max(b0, end), 0);
        end = Math.Max(end, b1);
        return sum + Math.Max(c1 - Math.Max(c0, end), 0);
    }
}
