using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Rectangular section: plates.</summary>
/// <param name="halfAlongReferenceMm">Half its extent along the rod's reference direction.</param>
/// <param name="halfAcrossMm">Half its extent across.</param>
internal sealed class Plank(double halfAlongReferenceMm, double halfAcrossMm) : Section
{
    public override double ReachMm => Math.Sqrt(halfAlongReferenceMm * halfAlongReferenceMm + halfAcrossMm * halfAcrossMm);

    public override bool IsUniform => true;

    public override Vector256<double> Chord(Vector256<double> offset, Vector256<double> cos, Vector256<double> sin, Vector256<double> along)
    {
        var (from, to) = Cut(offset, cos, sin, Vector256.Create(halfAlongReferenceMm), Vector256.Create(halfAcrossMm));
        return to - from;
    }

    /// <summary>Where lines enter and leave a rectangle, from the point nearest the axis; 0 and 0 when they miss.</summary>
    public static (Vector256<double> From, Vector256<double> To) Cut(
        Vector256<double> offset, Vector256<double> cos, Vector256<double> sin, Vector256<double> halfX, Vector256<double> halfY)
    {
        // The line: offset·(cos, sin) + t·(−sin, cos).
        Vector256<double> from = Vector256.Create(-1e9), to = Vector256.Create(1e9);
        Slab(offset * cos, -sin, halfX, ref from, ref to);
        Slab(offset * sin, cos, halfY, ref from, ref to);
        var hits = Vector256.GreaterThan(to, from);
        return (Vector256.ConditionalSelect(hits, from, Vector256<double>.Zero), Vector256.ConditionalSelect(hits, to, Vector256<double>.Zero));
    }

    private static void Slab(Vector256<double> start, Vector256<double> direction, Vector256<double> half, ref Vector256<double> from, ref Vector256<double> to)
    {
        Vector256<double> a = (-half - start) / direction, b = (half - start) / direction;
        var isParallel = Vector256.LessThan(Vector256.Abs(direction), Vector256.Create(1e-9));
        var isOutside = Vector256.GreaterThan(Vector256.Abs(start), half);
        var nearer = Vector256.ConditionalSelect(isParallel, from, Vector256.Max(from, Vector256.Min(a, b)));
        to = Vector256.ConditionalSelect(isParallel, Vector256.ConditionalSelect(isOutside, from, to), Vector256.Min(to, Vector256.Max(a, b)));
        from = nearer;
    }
}
