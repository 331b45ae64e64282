using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>Two runs over the same labelled films.</summary>
public sealed record RunComparison
{
    /// <summary>Model of the other run.</summary>
    public required string OtherModel { get; init; }

    /// <summary>SHA-256 of it.</summary>
    public required string OtherSha256 { get; init; }

    /// <summary>Films of the classes that are evaluated in both.</summary>
    public required int N { get; init; }

    /// <summary>Films evaluated in one of both only.</summary>
    public required int InOneOnly { get; init; }

    /// <summary>Top-1 of this run on those films.</summary>
    public required double? Top1 { get; init; }

    /// <summary>Top-1 of the other.</summary>
    public required double? OtherTop1 { get; init; }

    /// <summary>Films that only this run has right.</summary>
    public required int OnlyThis { get; init; }

    /// <summary>Films that only the other has right.</summary>
    public required int OnlyOther { get; init; }

    /// <summary>Two-sided exact p of McNemar, films independent.</summary>
    public required double McnemarP { get; init; }

    /// <summary>p by patient (Obuchowski 1998); null when no film differs.</summary>
    public required double? ObuchowskiP { get; init; }

    /// <summary>p by patient (Durkalski 2003); null when no film differs.</summary>
    public required double? DurkalskiP { get; init; }

    /// <summary>What judging hips of pelves one by one gains; null where both runs judged the same.</summary>
    public RegionGain? Regions { get; init; }

    /// <summary>Areas by class that both models have.</summary>
    public required IReadOnlyList<AucComparison> Devices { get; init; }

    internal static RunComparison Of(LabelledRun here, LabelledRun there)
    {
        var (ours, theirs) = (Known(here), Known(there));
        var places = ours.Keys.Where(theirs.ContainsKey).Order().ToArray();
        var (a, b) = (Array.ConvertAll(places, place => ours[place]), Array.ConvertAll(places, place => theirs[place]));
        bool[] Right(LabelledFilm[] films) => Array.ConvertAll(films, film => film.Top == film.Truth);
        var test = McNemar.Of(Right(a), Right(b), Array.ConvertAll(a, film => film.Patient));
        return new()
        {
            OtherModel = there.Run.Manifest.Model!.Name,
            OtherSha256 = there.Run.Manifest.Model.Sha256,
            N = places.Length,
            InOneOnly = ours.Count + theirs.Count - 2 * places.Length,
            Top1 = Share(Right(a)),
            OtherTop1 = Share(Right(b)),
            OnlyThis = test.OnlyFirst,
            OnlyOther = test.OnlySecond,
            McnemarP = test.Exact,
            ObuchowskiP = Finite(test.Obuchowski),
            DurkalskiP = Finite(test.Durkalski),
            Regions = RegionGain.Of(a, b),
            Devices = [.. here.Classes.Select((c, i) => (c.Id, Here: i, There: there.Classes.ToList().FindIndex(other => other.Id == c.Id), c.Answers))
                .Where(c => c.Answers && c.There >= 0).Select(c => Compare(c.Id, c.Here, c.There, a, b))],
        };
    }

    private static AucComparison Compare(string id, int here, int there, LabelledFilm[] a, LabelledFilm[] b)
    {
        var scored = Enumerable.Range(0, a.Length).Where(i => a[i].Top >= 0 && b[i].Top >= 0).ToArray();
        (double, double, int)[] Scores(bool isOf) =>
            [.. scored.Where(i => a[i].Truth == here == isOf).Select(i => (LogOdds.Of(a[i].Probabilities, here), LogOdds.Of(b[i].Probabilities, there), a[i].Patient))];
        var paired = AucPaired.Of(Scores(true), Scores(false));
        return new(
            id, scored.Count(i => a[i].Truth == here), Finite(paired.First), Finite(paired.Second), Finite(paired.Difference.Low), Finite(paired.Difference.High),
            Finite(paired.P), Finite(paired.PatientP));
    }

    private static Dictionary<(int, int), LabelledFilm> Known(LabelledRun run) => run.Films.Where(film => film.Truth >= 0).ToDictionary(film => film.Place);

    private static double? Share(bool[] right) => right.Length == 0 ? null : right.Count(r => r) / (double)right.Length;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
