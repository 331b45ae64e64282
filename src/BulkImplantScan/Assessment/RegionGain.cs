using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>Hips of AP pelves that this run judged one by one and the other as whole films: its answer for a film is that for both hips.</summary>
/// <param name="N">Hips of the model's classes in both runs.</param>
/// <param name="Top1">Share of right answers by hips.</param>
/// <param name="WholeTop1">Share of right answers by whole films: a film of two different hips has at most one right.</param>
/// <param name="OnlyHips">Right by hips only.</param>
/// <param name="OnlyWhole">Right by whole films only.</param>
/// <param name="McnemarP">Two-sided exact p of McNemar, hips independent.</param>
/// <param name="ObuchowskiP">p by patient (Obuchowski 1998); null when no hip differs.</param>
public sealed record RegionGain(int N, double Top1, double WholeTop1, int OnlyHips, int OnlyWhole, double McnemarP, double? ObuchowskiP)
{
    /// <summary>Null where there are no such hips.</summary>
    internal static RegionGain? Of(LabelledFilm[] here, LabelledFilm[] there)
    {
        var hips = Enumerable.Range(0, here.Length).Where(i => here[i].IsHipOfPelvis && !there[i].IsHipOfPelvis).ToArray();
        if (hips.Length == 0) return null;
        bool[] Right(LabelledFilm[] films) => Array.ConvertAll(hips, i => films[i].Top == films[i].Truth);
        var (ours, theirs) = (Right(here), Right(there));
        var test = McNemar.Of(ours, theirs, Array.ConvertAll(hips, i => here[i].Patient));
        return new(
            hips.Length, ours.Count(right => right) / (double)hips.Length, theirs.Count(right => right) / (double)hips.Length,
            test.OnlyFirst, test.OnlySecond, test.Exact, double.IsFinite(test.Obuchowski) ? test.Obuchowski : null);
    }
}
