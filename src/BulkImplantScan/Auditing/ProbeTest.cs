using BulkImplantScan.Assessment;

namespace BulkImplantScan.Auditing;

/// <summary>Test 7: do the features carry what is no device, among films of one device?</summary>
internal static class ProbeTest
{
    private const int FewestOfEach = 10;

    /// <summary>A line for each property and class that has enough of both.</summary>
    public static IEnumerable<AuditLine> Lines(LabelledRun run, AuditedFilm[] films)
    {
        films = AuditedFilm.WithFeatures(films);
        if (films.Length < 2 * FewestOfEach) return [];
        return
        [
            .. Property(run, films, "side", film => film.Film.Side).Select(line => line with { Limit = null, State = null, Note = "the bones themselves show it" }),
            .. Property(run, films, "machine", film => film.Tag("machine_model")),
            .. Property(run, films, "site", film => film.Tag("site")),
        ];
    }

    private static IEnumerable<AuditLine> Property(LabelledRun run, AuditedFilm[] films, string name, Func<AuditedFilm, string?> of)
    {
        films = Array.FindAll(films, film => of(film) is not null);
        if (films.Length < 2 * FewestOfEach) yield break;
        var most = films.GroupBy(film => of(film)!).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First().Key;
        int[] labels = [.. films.Select(film => of(film) == most ? 1 : 0)], patients = [.. films.Select(film => film.Film.Patient)];
        if (labels.Sum() > films.Length - FewestOfEach) yield break;
        var answers = PatientFolds.Probabilities(AuditedFilm.Standardised(films), labels, patients, 2);
        foreach (var group in Enumerable.Range(0, films.Length).GroupBy(i => films[i].Film.Truth).OrderBy(group => group.Key))
        {
            int positives = group.Count(i => labels[i] == 1), negatives = group.Count() - positives;
            if (positives < FewestOfEach || negatives < FewestOfEach) continue;
            var area = LevelFigures.Area([.. group.Select(i => (labels[i] == 1, answers[i][1], patients[i]))], null);
            var state = area.PatientLo is { } low && area.PatientHi is { } high && high <= AuditLimits.ProbeArea ? AuditState.Green : AuditState.Amber;
            yield return new(
                $"{name}, {run.Classes[group.Key].Id}", "area of a linear probe", positives + negatives, area.Value, area.PatientLo, area.PatientHi, AuditLimits.ProbeArea, state,
                state == AuditState.Green ? "" : "the features carry it; whether answers hang on it, tests 1 and 3 say");
        }
    }
}
