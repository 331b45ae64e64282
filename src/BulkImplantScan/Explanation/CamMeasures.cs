namespace BulkImplantScan.Explanation;

/// <summary>The numbers of one film's map from which its <see cref="CamSummary"/> is made; 24 bytes, blittable, no padding.</summary>
/// <param name="Peak">max L in logit units: 0 when empty, NaN or ∞ when not finite.</param>
/// <param name="PeakCell">The first cell that has it, y · W + x; 0 when empty, of no meaning when NaN.</param>
/// <param name="Mass">Σ L; 0 when empty or not finite.</param>
/// <param name="MassOnFilm">Σ L of what lies on the film, cells cut by its edge in part; 0 when empty or not finite.</param>
public readonly record struct CamMeasures(float Peak, int PeakCell, double Mass, double MassOnFilm)
{
    /// <summary>Whether the map can be divided by its peak: something is above 0, nothing is NaN or infinite.</summary>
    internal static bool HasMap(float peak) => peak > 0f && peak <= float.MaxValue;
}
