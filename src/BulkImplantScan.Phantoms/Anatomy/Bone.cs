using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>One bone as a body whose outline is a smooth union of shapes and whose relief is rounded from its edge inwards.</summary>
/// <remarks>Depth at distance d from the edge is that of a circle of the local relief radius R: 2·√(d(2R − d)), 2R from
/// d = R on. A tube of radius R comes out exact, a head exact, a wing as a plate with round edges. The marrow is the same
/// body one cortex further in, so the cortical path is the difference: it peaks along the edges, as cortex does on a film.</remarks>
internal sealed class Bone(IReadOnlyList<Outline> shapes, IReadOnlyList<Outline> holes, double blendMm)
{
    /// <summary>Distance at which a point is so far outside that even all shapes together do not reach it, mm.</summary>
    public const float Outside = -14;

    private readonly float _blend = (float)blendMm;
    private readonly float _perBlend = (float)(1 / blendMm);

    /// <summary>Distance from the edge, relief radius and cortex at eight points, mm.</summary>
    public (Vector256<float> Inside, Vector256<float> Relief, Vector256<float> Cortex) At(Vector256<float> x, Vector256<float> y)
    {
        // Smooth maximum by exponential weights; the same weights blend relief and cortex.
        Span<(Vector256<float> Inside, Vector256<float> ReliefMm, Vector256<float> CortexMm)> at = stackalloc (Vector256<float>, Vector256<float>, Vector256<float>)[shapes.Count];
        var most = Vector256.Create(float.MinValue);
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = shapes[i].At(x, y);
            most = Vector256.Max(most, at[i].Inside);
        }

        if (Vector256.LessThanAll(most, Vector256.Create(Outside))) return (most, Vector256<float>.One, Vector256<float>.One);
        Vector256<float> sum = default, relief = default, cortex = default;
        foreach (var (distance, reliefMm, cortexMm) in at)
        {
            var weight = Elementary.Exp((distance - most) * _perBlend);
            sum += weight;
            relief += weight * reliefMm;
            cortex += weight * cortexMm;
        }

        var inside = most + Elementary.Log(sum) * _blend;
        foreach (var hole in holes) inside = Vector256.Min(inside, -hole.At(x, y).Inside);
        return (inside, relief / sum, cortex / sum);
    }
}
