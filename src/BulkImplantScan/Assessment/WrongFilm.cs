namespace BulkImplantScan.Assessment;

/// <summary>A film to look at.</summary>
/// <param name="FilmKey">Pseudonym, as in the rows.</param>
/// <param name="Truth">Class that it shows.</param>
/// <param name="Answer">Class of the largest probability; null where there is none.</param>
/// <param name="Probability">Of the answer.</param>
/// <param name="Status">What became of it.</param>
public sealed record WrongFilm(string FilmKey, string Truth, string? Answer, double? Probability, string Status)
{
    /// <summary>Most films that are listed.</summary>
    public const int Most = 1000;

    internal static WrongFilm[] Of(LabelledRun run) =>
    [
        .. run.Films.Where(film => film.Truth >= 0 && film.Top != film.Truth)
            .OrderByDescending(film => film.Top < 0 ? -1 : film.Probabilities[film.Top]).ThenBy(film => film.FilmKey, StringComparer.Ordinal).Take(Most)
            .Select(film => new WrongFilm(
                film.FilmKey, run.Classes[film.Truth].Id, film.Top < 0 ? null : run.Classes[film.Top].Id, film.Top < 0 ? null : film.Probabilities[film.Top], film.Status)),
    ];
}
