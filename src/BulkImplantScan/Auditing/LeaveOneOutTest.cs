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
        films = AuditedFilm.WithFeatures(films);
        int[] shown = [.. films.Select(film => film.Film.Truth).Distinct().Order()];
        if (shown.Length < 2) return [];
        var fits = new Fits(films, AuditedFilm.Standardised(films), [.. films.Select(film => Array.IndexOf(shown, film.Film.Truth))], shown.Length);
        return [.. fits.Property("site", film => film.Tag("site")), .. fits.Property("year", film => film.Tag("year"))];
    }

    private sealed class Fits(AuditedFilm[] films, double[][] features, int[] truth, int classes)
    {
        private readonly int[] _patients = [.. films.Select(film => film.Film.Patient)];
        private bool[]? _usual; // of a layer that has seen others of the site

        public IEnumerable<AuditLine> Property(string name, Func<AuditedFilm, string?> of)
        {
            string[] values =
            [
                .. films.GroupBy(of).Where(group => group.Key is not null && group.Count() >= SubgroupFigures.LeastFilms).OrderByDescending(group => group.Count())
                    .ThenBy(group => group.Key, StringComparer.Ordinal).Take(MostGroups).Select(group => group.Key!),
            ];
            if (values.Length < 2) yield break;
            int[] groups = [.. films.Select(film => Array.IndexOf(values, of(film)))];
            var usual = _usual ??= Right(PatientFolds.Probabilities(features, truth, _patients, classes));
            var without = Right(PatientFolds.LeavingOut(features, truth, groups, _patients, classes));

            int[] judged = [.. Enumerable.Range(0, films.Length).Where(i => groups[i] >= 0)];
            yield return Line($"{name}s, each left out in turn", judged, usual, without, $"{values.Length} values");
            var worst = judged.GroupBy(i => groups[i]).OrderBy(group => group.Key).MinBy(group => Share([.. group], without) - Share([.. group], usual))!;
            var value = values[worst.Key];
            if (name == "site") value = value[..Math.Min(8, value.Length)]; // a pseudonym of 32 digits
            yield return Line($"{name}: {value}", [.. worst], usual, without, "the one that loses most");
        }

        private AuditLine Line(string title, int[] group, bool[] usual, bool[] without, string note)
        {
            var patients = group.GroupBy(i => _patients[i]).ToArray();
            var right = ClusteredProportion.Of(Array.ConvertAll(patients, patient => patient.Count(i => without[i])), Array.ConvertAll(patients, patient => patient.Count()));
            var (bounds, with) = (right.Interval, Share(group, usual));
            var limit = with - AuditLimits.WorstGroup;
            return new(
                title, "right by a last layer fitted without them (at least the limit)", group.Length, right.Value, bounds.Low, bounds.High, limit,
                bounds.High < limit ? AuditState.Red : bounds.Low >= limit ? AuditState.Green : AuditState.Amber,
                string.Create(CultureInfo.InvariantCulture, $"{note}; {100 * with:F1} % when fitted with other films of them ({PatientFolds.Folds} folds of patients)"));
        }

        // No answer (empty) is of a film that is not judged.
        private bool[] Right(double[][] answers) => [.. answers.Select((p, i) => p.Length > 0 && Array.IndexOf(p, p.Max()) == truth[i])];

        private static double Share(int[] group, bool[] right) => group.Count(i => right[i]) / (double)group.Length;
    }
}
