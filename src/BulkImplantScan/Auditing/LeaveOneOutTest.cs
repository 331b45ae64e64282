using System.Globalization;
using BulkImplantScan.Assessment;
using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Auditing;

/// <summary>Test 8, second half: does what tells the devices apart at other sites, in other years, hold at this one?</summary>
/// <remarks>The network's last layer is fitted anew on the stored features, once without each site (or year), once without a fifth of the
/// patients. The network below it stays as it is, and may have seen the site: leaving a site out of that takes a training.</remarks>
internal static class LeaveOneOutTest
{
    // More values (wards, say) are a matter of chance, and a fit each: the most frequent ones.
    private const int MostGroups = 30;

    /// <summary>For site and year: all of them, each left out in turn, and the one that loses most.</summary>
    public static IEnumerable<AuditLine> Lines(AuditedFilm[] films)
    {
        (films, var features) = AuditedFilm.Standardised(films);
        if (films.Length == 0) return [];
        int[] shown = [.. films.Select(film => film.Film.Truth).Distinct().Order()];
        return shown.Length < 2 ? [] :
        [
            .. Property(films, features, shown, "site", film => film.Tag("site")),
            .. Property(films, features, shown, "year", film => film.Tag("year")),
        ];
    }

    private static IEnumerable<AuditLine> Property(AuditedFilm[] films, double[][] features, int[] shown, string name, Func<AuditedFilm, string?> of)
    {
        string[] values =
        [
            .. films.GroupBy(of).Where(group => group.Key is not null && group.Count() >= SubgroupFigures.LeastFilms).OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal).Take(MostGroups).Select(group => group.Key!),
        ];
        if (values.Length < 2) yield break;
        int[] truth = [.. films.Select(film => Array.IndexOf(shown, film.Film.Truth))], patients = [.. films.Select(film => film.Film.Patient)];
        int[] groups = [.. films.Select(film => Array.IndexOf(values, of(film)))];
        var (without, with) = (
            PatientFolds.LeavingOut(features, truth, groups, patients, shown.Length), PatientFolds.Probabilities(features, truth, patients, shown.Length));
        bool IsRight(double[][] answers, int i) => Array.IndexOf(answers[i], answers[i].Max()) == truth[i];

        int[] judged = [.. Enumerable.Range(0, films.Length).Where(i => groups[i] >= 0)];
        yield return Line($"{name}s, each left out in turn", judged, $"{values.Length} values");
        var worst = Enumerable.Range(0, values.Length).Select(v => Array.FindAll(judged, i => groups[i] == v)).MinBy(group => group.Count(i => IsRight(without, i)) / (double)group.Length - group.Count(i => IsRight(with, i)) / (double)group.Length)!;
        yield return Line($"{name}: {Short(values[groups[worst[0]]])}", worst, "the one that loses most");

        // Sites are pseudonyms of 32 digits.
        string Short(string value) => name == "site" ? value[..Math.Min(8, value.Length)] : value;

        AuditLine Line(string title, int[] group, string note)
        {
            var share = group.GroupBy(i => patients[i]).Select(patient => (Right: patient.Count(i => IsRight(without, i)), N: patient.Count())).ToArray();
            var right = ClusteredProportion.Of(Array.ConvertAll(share, patient => patient.Right), Array.ConvertAll(share, patient => patient.N));
            var bounds = right.Interval;
            var usual = group.Count(i => IsRight(with, i)) / (double)group.Length;
            var limit = usual - AuditLimits.WorstGroup;
            return new(
                title, "right by a last layer fitted without them (at least the limit)", group.Length, right.Value, bounds.Low, bounds.High, limit,
                bounds.High < limit ? AuditState.Red : bounds.Low >= limit ? AuditState.Green : AuditState.Amber,
                string.Create(CultureInfo.InvariantCulture, $"{note}; {100 * usual:F1} % when fitted with other films of them ({PatientFolds.Folds} folds of patients)"));
        }
    }
}
