namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>One bone as a body whose outline is a smooth union of shapes and whose relief is rounded from its edge inwards.</summary>
/// <remarks>Depth at distance d from the edge is that of a circle of the local relief radius R: 2·√(d(2R − d)), 2R from
/// d = R on. A tube of radius R comes out exact, a head exact, a wing as a plate with round edges. The marrow is the same
/// body one cortex further in, so the cortical path is the difference: it peaks along the edges, as cortex does on a film.</remarks>
internal sealed class Bone(IReadOnlyList<Outline> shapes, IReadOnlyList<Outline> holes, double blendMm)
{
    /// <summary>Distance at which a point is so far outside that even all shapes together do not reach it, mm.</summary>
    public const float Outside = -14;

    /// <summary>Distance from the edge, relief radius and cortex at a point, mm.</summary>
    public (float Inside, float Relief, float Cortex) At(double x, double y)
    {
        // Smooth maximum by exponential weights; the same weights blend relief and cortex.
        Span<(double Inside, double ReliefMm, double CortexMm)> at = stackalloc (double, double, double)[shapes.Count];
        var most = double.MinValue;
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = shapes[i].At(x, y);
            most = Math.Max(most, at[i].Inside);
        }

        if (most < Outside) return ((float)most, 1, 1);
        double sum = 0, relief = 0, cortex = 0;
        foreach (var (distance, reliefMm, cortexMm) in at)
        {
            if (distance < most - 40 * blendMm) continue;
            var weight = Math.Exp((distance - most) / blendMm);
            sum += weight;
            relief += weight * reliefMm;
            cortex += weight * cortexMm;
        }

        var inside = most + blendMm * Math.Log(sum);
        foreach (var hole in holes) inside = Math.Min(inside, -hole.At(x, y).Inside);
        return ((float)inside, (float)(relief / sum), (float)(cortex / sum));
    }
}
