using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Rectangular section: plates.</summary>
/// <param name="halfAlongReferenceMm">Half its extent along the rod's reference direction.</param>
/// <param name="halfAcrossMm">Half its extent across.</param>
internal sealed class Plank(double halfAlongReferenceMm, double halfAcrossMm) : Section
{
    private readonly float _halfAlong = (float)halfAlongReferenceMm;
    private readonly float _halfAcross = (float)halfAcrossMm;

    public override double ReachMm { get; } = Math.Sqrt(halfAlongReferenceMm * halfAlongReferenceMm + halfAcrossMm * halfAcrossMm);

    public override bool IsUniform => true;

    public override Vector256<float> Chord(Vector256<float> offset, Vector256<float> cos, Vector256<float> sin, Vector256<float> along)
    {
        var (from, to) = Cut(offset, cos, sin, Vector256.Create(_halfAlong), Vector256.Create(_halfAcross));
        return to - from;
    }

    /// <summary>Where lines enter and leave a rectangle, from the point nearest the axis; 0 and 0 when they miss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> From, Vector256<float> To) Cut(
        Vector256<float> offset, Vector256<float> cos, Vector256<float> sin, Vector256<float> halfX, Vector256<float> halfY)
    {
        // The line: offset·(cos, sin) + t·(−sin, cos).
        Vector256<float> from = Vector256.Create(-1e9f), to = Vector256.Create(1e9f);
        Slab(offset * cos, -sin, halfX, ref from, ref to);
        Slab(offset * sin, cos, halfY, ref from, ref to);
        var hits = Vector256.GreaterThan(to, from);
        return (Vector256.ConditionalSelect(hits, from, Vector256<float>.Zero), Vector256.ConditionalSelect(hits, to, Vector256<float>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Slab(Vector256<float> start, Vector256<float> direction, Vector256<float> half, ref Vector256<float> from, ref Vector256<float> to)
    {
        var perUnit = Vector256<float>.One / direction;
        Vector256<float> a = (-half - start) * perUnit, b = (half - start) * perUnit;
        var isParallel = Vector256.LessThan(Vector256.Abs(direction), Vector256.Create(1e-6f));
        var isOutside = Vector256.GreaterThan(Vector256.Abs(start), half);
        var nearer = Vector256.ConditionalSelect(isParallel, from, Vector256.Max(from, Vector256.Min(a, b)));
        to = Vector256.ConditionalSelect(isParallel, Vector256.ConditionalSelect(isOutside, from, to), Vector256.Min(to, Vector256.Max(a, b)));
        from = nearer;
    }
}
