using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Four fins in a cross around a core, twisted along the axis: a helical blade.</summary>
internal sealed class Fins(double coreRadiusMm, double reachMm, double thicknessMm, double lengthMm, double twistPerMm, double startRadians)
    : Section
{
    private const float RoundingMm = 6;

    private readonly float _core = (float)coreRadiusMm;
    private readonly float _height = (float)(reachMm - coreRadiusMm);
    private readonly float _half = (float)(thicknessMm / 2);
    private readonly float _length = (float)lengthMm;
    private readonly float _turnsPerMm = (float)(twistPerMm / (2 * Math.PI));
    private readonly float _startTurns = (float)(startRadians / (2 * Math.PI));

    public override double ReachMm { get; } = reachMm;

    public override Vector256<float> Chord(Vector256<float> offset, Vector256<float> cos, Vector256<float> sin, Vector256<float> along)
    {
        var (turnSin, turnCos) = Elementary.SinCosOfTurns(along * _turnsPerMm + Vector256.Create(_startTurns));
        Vector256<float> c = cos * turnCos + sin * turnSin, s = sin * turnCos - cos * turnSin;
        var core = Half(Vector256.Create(_core * _core) - offset * offset);
        // Fins rise out of the core and sink into it again: no corner on the outline.
        var rise = Lanes.Clamp(Vector256.Min(along, Vector256.Create(_length) - along) * (1 / RoundingMm), 0, 1);
        var reach = Vector256.Create(_core) + Vector256.Sqrt(rise * (Vector256.Create(2f) - rise)) * _height;
        var half = Vector256.Create(_half);
        var (a0, a1) = Plank.Cut(offset, c, s, reach, half);
        var (b0, b1) = Plank.Cut(offset, c, s, half, reach);
        return Union(-core, core, a0, a1, b0, b1);
    }

    /// <summary>Length of the union of three intervals.</summary>
    private static Vector256<float> Union(
        Vector256<float> a0, Vector256<float> a1, Vector256<float> b0, Vector256<float> b1, Vector256<float> c0, Vector256<float> c1)
    {
        Order(ref a0, ref a1, ref b0, ref b1);
        Order(ref a0, ref a1, ref c0, ref c1);
        Order(ref b0, ref b1, ref c0, ref c1);
        var zero = Vector256<float>.Zero;
        var sum = Vector256.Max(a1 - a0, zero);
        sum += Vector256.Max(b1 - Vector256.Max(b0, a1), zero);
        return sum + Vector256.Max(c1 - Vector256.Max(c0, Vector256.Max(a1, b1)), zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Order(ref Vector256<float> a0, ref Vector256<float> a1, ref Vector256<float> b0, ref Vector256<float> b1)
    {
        var swap = Vector256.LessThan(b0, a0);
        (a0, b0) = (Vector256.ConditionalSelect(swap, b0, a0), Vector256.ConditionalSelect(swap, a0, b0));
        (a1, b1) = (Vector256.ConditionalSelect(swap, b1, a1), Vector256.ConditionalSelect(swap, a1, b1));
    }
}
