namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Rectangular section: plates.</summary>
/// <param name="halfAlongReferenceMm">Half its extent along the rod's reference direction.</param>
/// <param name="halfAcrossMm">Half its extent across.</param>
internal sealed class Plank(double halfAlongReferenceMm, double halfAcrossMm) : Section
{
    public override double ReachMm => Math.Sqrt(halfAlongReferenceMm * halfAlongReferenceMm + halfAcrossMm * halfAcrossMm);

    public override double Chord(double offset, double cos, double sin, double along)
    {
        var (from, to) = Cut(offset, cos, sin, halfAlongReferenceMm, halfAcrossMm);
        return to - from;
    }

    /// <summary>Where a line enters and leaves a rectangle, from the point nearest the axis; equal when it misses.</summary>
    public static (double From, double To) Cut(double offset, double cos, double sin, double halfX, double halfY)
    {
        // The line: offset·(cos, sin) + t·(−sin, cos).
        double from = -1e9, to = 1e9;
        Slab(offset * cos, -sin, halfX, ref from, ref to);
        Slab(offset * sin, cos, halfY, ref from, ref to);
        return to > from ? (from, to) : (0, 0);
    }

    private static void Slab(double start, double direction, double half, ref double from, ref double to)
    {
        if (Math.Abs(direction) < 1e-9)
        {
            if (Math.Abs(start) > half) to = from;
            return;
        }

        double a = (-half - start) / direction, b = (half - start) / direction;
        from = Math.Max(from, Math.Min(a, b));
        to = Math.Min(to, Math.Max(a, b));
    }
}
