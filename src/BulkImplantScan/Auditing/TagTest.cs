using System.Globalization;
using BulkImplantScan.Assessment;
using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Auditing;

/// <summary>Test 6: how far does one get without looking at the film?</summary>
internal static class TagTest
{
    /// <summary>Rarer values are one value, "other": a value of a few films is their name.</summary>
    private const int FewestFilms = 10;

    /// <summary>The shortcut ceiling, and how each column goes with the truth.</summary>
    public static IEnumerable<AuditLine> Lines(LabelledRun run, AuditedFilm[] films)
    {
        int[] shown = [.. films.Select(film => film.Film.Truth).Distinct().Order()];
        var columns = AuditedFilm.TagNames.Select((name, t) => (Name: name, Values: Pooled([.. films.Select(film => film.Tags[t])]))).Where(column => column.Values.Distinct().Skip(1).Any()).ToArray();
        if (shown.Length < 2 || columns.Length == 0) yield break;
        int[] truth = [.. films.Select(film => Array.IndexOf(shown, film.Film.Truth))], patients = [.. films.Select(film => film.Film.Patient)];

        // One column of 0 and 1 for each value of each tag.
        var values = columns.Select(column => column.Values.Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
        double[][] features = [.. films.Select((_, i) => columns.SelectMany((column, c) => values[c].Select(value => column.Values[i] == value ? 1.0 : 0)).ToArray())];
        var answers = PatientFolds.Probabilities(features, truth, patients, shown.Length);
        var isRight = answers.Select((p, i) => Array.IndexOf(p, p.Max()) == truth[i]).ToArray();
        var units = films.Select((film, i) => (film.Film.Patient, IsRight: isRight[i])).GroupBy(unit => unit.Patient).ToArray();
        var share = ClusteredProportion.Of([.. units.Select(patient => patient.Count(unit => unit.IsRight))], [.. units.Select(patient => patient.Count())]);
        var majority = shown.Select((_, c) => truth.Count(label => label == c)).Max() / (double)films.Length;
        var (limit, network) = (majority + AuditLimits.AboveChance, films.Count(film => film.Film.Top == film.Film.Truth) / (double)films.Length);
        yield return new(
            "all tags", "right without the film: the shortcut ceiling", films.Length, share.Value, share.Interval.Low, share.Interval.High, limit, AuditLimits.AtMost(share.Interval, limit),
            Text($"the most frequent class is {100 * majority:F1} %, the network is right on {100 * network:F1} %; multinomial logistic, {PatientFolds.Folds} folds of patients"));
        foreach (var (column, c) in columns.Select((column, c) => (column, c)))
        {
            var counts = Array.ConvertAll(shown, _ => new long[values[c].Length]);
            for (var i = 0; i < truth.Length; i++) counts[truth[i]][Array.IndexOf(values[c], column.Values[i])]++;
            var v = CramersV.Of(counts);
            yield return new(column.Name, "Cramér's V with the truth, bias-corrected", films.Length, double.IsNaN(v) ? null : v, null, null, null, null, $"{values[c].Length} values");
        }
    }

    private static string[] Pooled(string?[] values)
    {
        var often = values.GroupBy(value => value ?? "").Where(group => group.Count() >= FewestFilms).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return Array.ConvertAll(values, value => often.Contains(value ?? "") ? value ?? "" : "other");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
