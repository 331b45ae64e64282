using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Four fins in a cross around a core, twisted along the axis: a helical blade.</summary>
internal sealed class Fins(double coreRadiusMm, double reachMm, double thicknessMm, double lengthMm, double twistPerMm, double startRadians)
    : Section
{
    private const double RoundingMm = 6;

    public override double ReachMm => reachMm;

    public override Vector256<double> Chord(Vector256<double> offset, Vector256<double> cos, Vector256<double> sin, Vector256<double> along)
    {
        Vector256<double> turnSin = default, turnCos = default;
        for (var lane = 0; lane < Vector256<double>.Count; lane++)
        {
            var (laneSin, laneCos) = Math.SinCos(startRadians + twistPerMm * along[lane]);
            (turnSin, turnCos) = (turnSin.WithElement(lane, laneSin), turnCos.WithElement(lane, laneCos));
        }

        Vector256<double> c = cos * turnCos + sin * turnSin, s = sin * turnCos - cos * turnSin;
        var core = Half(Vector256.Create(coreRadiusMm * coreRadiusMm) - offset * offset);
        // Fins rise out of the core and sink into it again: no corner on the outline.
        var rise = Lanes.Clamp(Vector256.Min(along, Vector256.Create(lengthMm) - along) / RoundingMm, 0, 1);
        var reach = Vector256.Create(coreRadiusMm) + Vector256.Sqrt(rise * (Vector256.Create(2.0) - rise)) * (reachMm - coreRadiusMm);
        var half = Vector256.Create(thicknessMm / 2);
        var (a0, a1) = Plank.Cut(offset, c, s, reach, half);
        var (b0, b1) = Plank.Cut(offset, c, s, half, reach);
        return Union(-core, core, a0, a1, b0, b1);
    }

    /// <summary>Length of the union of three intervals.</summary>
    private static Vector256<double> Union(
        Vector256<double> a0, Vector256<double> a1, Vector256<double> b0, Vector256<double> b1, Vector256<double> c0, Vector256<double> c1)
    {
        Order(ref a0, ref a1, ref b0, ref b1);
        Order(ref a0, ref a1, ref c0, ref c1);
        Order(ref b0, ref b1, ref c0, ref c1);
        var zero = Vector256<double>.Zero;
        var sum = Vector256.Max(a1 - a0, zero);
        sum += Vector256.Max(b1 - Vector256.Max(b0, a1), zero);
        return sum + Vector256.Max(c1 - Vector256.Max(c0, Vector256.Max(a1, b1)), zero);
    }

    private static void Order(ref Vector256<double> a0, ref Vector256<double> a1, ref Vector256<double> b0, ref Vector256<double> b1)
    {
        var swap = Vector256.LessThan(b0, a0);
        (a0, b0) = (Vector256.ConditionalSelect(swap, b0, a0), Vector256.ConditionalSelect(swap, a0, b0));
        (a1, b1) = (Vector256.ConditionalSelect(swap, b1, a1), Vector256.ConditionalSelect(swap, a1, b1));
    }
}
