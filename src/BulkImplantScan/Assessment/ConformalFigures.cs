using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>Conformal sets of one class's films.</summary>
/// <param name="Id">Of the class.</param>
/// <param name="N">Films with probabilities.</param>
/// <param name="Covered">Films whose set has the truth.</param>
/// <param name="CalibrationFilms">Films that the class's threshold was chosen on; 0: not known.</param>
/// <param name="Low">Fewest that chance alone leaves covered in 95 of 100 cases (beta-binomial), if the sets do what they promise.</param>
/// <param name="High">Most.</param>
/// <param name="Coverage">Covered / N.</param>
/// <param name="MeanSize">Classes a set.</param>
/// <param name="Empty">Films with an empty set.</param>
/// <param name="Single">Films with a set of one class.</param>
public sealed record ConformalFigures(
    string Id, int N, int Covered, int CalibrationFilms, int Low, int High, Estimate Coverage, double? MeanSize, int Empty, int Single)
{
    /// <summary>Covered lies below the tolerance: the sets do not do what they promise on these films.</summary>
    public bool IsTooFew => Covered < Low;

    /// <summary>By class of the catalogue that has films.</summary>
    /// <returns>Empty when no film has a set: the model has no conformal thresholds.</returns>
    internal static ConformalFigures[] Of(LabelledRun run, EvaluationOptions options)
    {
        var films = run.Films.Where(film => film.Truth >= 0 && film.Top >= 0).ToArray();
        if (Array.TrueForAll(films, film => film.ConformalSet.Length == 0)) return [];
        var calibrated = run.Run.Manifest.Model!.ConformalFilms;
        return
        [
            .. films.GroupBy(film => film.Truth).OrderBy(group => group.Key).Select(group => Of(
                run.Classes[group.Key].Id, [.. group], options.CalibrationFilms ?? (calibrated?.Length == run.Classes.Count ? Math.Max(0, calibrated[group.Key]) : 0), Miss(run, options))),
        ];
    }

    /// <summary>α: the user's, else the model's, else the usual one.</summary>
    internal static double Miss(LabelledRun run, EvaluationOptions options) =>
        options.Alpha ?? (run.Run.Manifest.Model!.ConformalMiss is > 0 and < 1 and var alpha ? alpha : EvaluationOptions.UsualAlpha);

    private static ConformalFigures Of(string id, LabelledFilm[] films, int calibration, double alpha)
    {
        static bool IsCovered(LabelledFilm film) => film.ConformalSet.Contains(film.Truth);
        var covered = films.Count(IsCovered);
        var (low, high) = BetaBinomial.Tolerance(calibration, alpha, films.Length);
        var patients = films.GroupBy(film => film.Patient).ToArray();
        var clustered = ClusteredProportion.Of(Array.ConvertAll(patients, p => p.Count(IsCovered)), Array.ConvertAll(patients, p => p.Count()));
        return new(
            id, films.Length, covered, calibration, low, high,
            Estimate.Of(covered / (double)films.Length, Wilson.Of(covered, films.Length), "wilson", clustered.Interval, "wilson_effective", null),
            films.Average(film => film.ConformalSet.Length), films.Count(film => film.ConformalSet.Length == 0), films.Count(film => film.ConformalSet.Length == 1));
    }
}
