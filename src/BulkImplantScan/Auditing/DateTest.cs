using System.Globalization;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Auditing;

/// <summary>Test 12: is a device named on films from before it could be implanted?</summary>
internal static class DateTest
{
    /// <summary>Labels, answers of all devices together, and of each that was named too early.</summary>
    /// <returns>Nothing where the catalogue has no years, or no film of such a device has a date.</returns>
    public static IEnumerable<AuditLine> Lines(AuditedFilm[] films, IReadOnlyList<DeviceClass> classes)
    {
        var dated = films.Select(film => (film.Film, Year: int.TryParse(film.Tag("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : (int?)null))
            .Where(film => film.Year is not null).ToArray();
        bool IsEarly(int device, int? year) => year < classes[device].MarketedFrom;
        var labelled = dated.Where(film => classes[film.Film.Truth].MarketedFrom is not null).ToArray();
        var answered = dated.Where(film => film.Film is { Status: "identified", Top: >= 0 } && classes[film.Film.Top].MarketedFrom is not null).ToArray();
        if (labelled.Length == 0 && answered.Length == 0) yield break;

        // A label is said to be true: one is one too many.
        var wrong = labelled.Count(film => IsEarly(film.Film.Truth, film.Year));
        yield return new(
            "labels", "name a device before its first year", labelled.Length, labelled.Length == 0 ? null : wrong / (double)labelled.Length, null, null, 0,
            labelled.Length == 0 ? AuditState.NotRun : wrong == 0 ? AuditState.Green : AuditState.Red, string.Create(CultureInfo.InvariantCulture, $"{wrong}"));
        yield return Answers("answers", answered, isJudged: true);
        foreach (var device in answered.GroupBy(film => film.Film.Top).OrderBy(device => device.Key))
            if (device.Any(film => IsEarly(device.Key, film.Year)))
                yield return Answers($"answers, {classes[device.Key].Id} ({classes[device.Key].MarketedFrom})", [.. device], isJudged: false);

        AuditLine Answers(string of, (Assessment.LabelledFilm Film, int? Year)[] some, bool isJudged)
        {
            var early = some.Count(film => IsEarly(film.Film.Top, film.Year));
            var bounds = Evaluation.Wilson.Of(early, some.Length);
            return new(
                of, "name a device before its first year", some.Length, some.Length == 0 ? null : early / (double)some.Length, bounds.Low, bounds.High,
                isJudged ? AuditLimits.BeforeMarket : null, isJudged ? AuditLimits.AtMost(early, some.Length, AuditLimits.BeforeMarket) : null, "by film");
        }
    }
}
