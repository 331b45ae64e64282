namespace BulkImplantScan.Assessment;

/// <summary>Films of the model's classes by what the rows say of them.</summary>
/// <param name="By"><c>site</c>, <c>year</c>, <c>machine</c>, <c>side</c>, <c>view</c>, <c>sex</c>, <c>age band</c>, <c>region</c>, <c>kV</c> or <c>mAs</c>.</param>
/// <param name="Value">Null: not known.</param>
/// <param name="N">Films; null where suppressed.</param>
/// <param name="Patients">Patients; null where suppressed.</param>
/// <param name="Top1">Share of right answers; films without an answer are errors.</param>
/// <param name="Answered">Share that the engine commits itself on.</param>
/// <param name="IsWorst">Lowest share of its kind among values of at least <see cref="LeastFilms"/> films: with many values chance alone makes one look bad.</param>
/// <param name="IsSuppressed">Sex or age of fewer than <see cref="LeastPatients"/> patients: not shown.</param>
public sealed record SubgroupFigures(
    string By, string? Value, int? N, int? Patients, Estimate Top1, Estimate Answered, bool IsWorst, bool IsSuppressed)
{
    /// <summary>A group of fewer films is not called the worst.</summary>
    public const int LeastFilms = 20;

    /// <summary>Groups by sex or age of fewer patients are not shown.</summary>
    public const int LeastPatients = 5;

    internal static SubgroupFigures[] Of(LabelledRun run)
    {
        var films = run.Films.Where(film => film.Truth >= 0).ToArray();
        if (films.Length == 0) return [];
        var names = films[0].Facts.Select(fact => fact.Name);
        return
        [
            .. names.SelectMany((name, i) => Groups(name, films, film => film.Facts[i].Value)),
            .. Groups("side", films, film => film.Side),
        ];
    }

    private static SubgroupFigures[] Groups(string name, LabelledFilm[] films, Func<LabelledFilm, string?> of)
    {
        SubgroupFigures[] groups =
        [
            .. films.GroupBy(of).OrderBy(group => group.Key is null).ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => Of(name, group.Key, [.. group])),
        ];
        if (groups.Length == 1 && groups[0].Value is null) return []; // the rows do not say
        if (groups.Count(group => group.IsSuppressed) == 1 && groups.Where(group => !group.IsSuppressed).MinBy(group => group.N) is { } next)
            groups = Array.ConvertAll(groups, group => group == next ? Hidden(name, group.Value) : group); // or the total would give the one away
        var worst = groups.Where(group => group.N >= LeastFilms).MinBy(group => group.Top1.Value);
        return groups.Count(group => group.N >= LeastFilms) < 2 ? groups : Array.ConvertAll(groups, group => group with { IsWorst = group == worst });
    }

    private static SubgroupFigures Of(string name, string? value, LabelledFilm[] films)
    {
        var units = Array.ConvertAll(films, film => new JudgedUnit(film.Patient, [], [film.IsAnswered], [], film.Top == film.Truth));
        var patients = units.Select(unit => unit.Patient).Distinct().Count();
        return name is "sex" or "age band" && patients < LeastPatients
            ? Hidden(name, value)
            : new(name, value, films.Length, patients, LevelFigures.Share(units, _ => true, unit => unit.IsRight, null), LevelFigures.Share(units, _ => true, unit => unit.Called[0], null), false, false);
    }

    private static SubgroupFigures Hidden(string name, string? value) => new(name, value, null, null, Estimate.None, Estimate.None, false, true);
}
