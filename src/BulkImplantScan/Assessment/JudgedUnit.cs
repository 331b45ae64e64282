using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>What is counted once on a level: a film, a hip or a patient.</summary>
/// <param name="Patient">Of it.</param>
/// <param name="Is">By class: the unit shows it.</param>
/// <param name="Called">By class: its largest probability, thresholds ignored; nowhere true where the network gave none.</param>
/// <param name="Scores">By class: log odds; NaN where the network gave none.</param>
/// <param name="IsRight">What it is called is all that it shows.</param>
internal sealed record JudgedUnit(int Patient, bool[] Is, bool[] Called, double[] Scores, bool IsRight)
{
    /// <summary>The films of the model's classes, one by one.</summary>
    public static JudgedUnit[] Films(IReadOnlyList<LabelledFilm> films, int classes) =>
        [.. films.Where(film => film.Truth >= 0).Select(film => Of(film.Patient, film.Truth, film.Top, film.Probabilities, classes))];

    /// <summary>Hips: patient × side × what is in it. Films of both sides, or of an unknown one, are in no hip.</summary>
    public static JudgedUnit[] Hips(IReadOnlyList<LabelledFilm> films, int classes) => [.. Grouped(films.Where(film => film.Side is not null), classes)];

    /// <summary>Patients: has a device where any of its hips has it; is called so where any is.</summary>
    public static JudgedUnit[] Patients(IReadOnlyList<LabelledFilm> films, int classes) =>
    [
        .. Grouped(films, classes).GroupBy(hip => hip.Patient).Select(hips => new JudgedUnit(
            hips.Key,
            Any(hips.Select(hip => hip.Is), classes),
            Any(hips.Select(hip => hip.Called), classes),
            [.. Enumerable.Range(0, classes).Select(c => hips.Max(hip => hip.Scores[c]))], // Max passes over NaN unless all are
            hips.All(hip => hip.IsRight))),
    ];

    /// <summary>A hip's answer is that of the mean of its films' probabilities.</summary>
    private static IEnumerable<JudgedUnit> Grouped(IEnumerable<LabelledFilm> films, int classes) =>
        films.Where(film => film.Truth >= 0).GroupBy(film => (film.Patient, film.Side, film.Truth)).Select(hip =>
        {
            var scored = hip.Where(film => film.Top >= 0).Select(film => film.Probabilities).ToArray();
            double[] mean = scored.Length == 0 ? [] : [.. Enumerable.Range(0, classes).Select(c => scored.Average(p => p[c]))];
            return Of(hip.Key.Patient, hip.Key.Truth, mean.Length == 0 ? -1 : Array.IndexOf(mean, mean.Max()), mean, classes);
        });

    private static JudgedUnit Of(int patient, int truth, int top, double[] probabilities, int classes)
    {
        var (isOf, called) = (new bool[classes], new bool[classes]);
        isOf[truth] = true;
        if (top >= 0) called[top] = true;
        double[] scores = [.. Enumerable.Range(0, classes).Select(c => top < 0 ? double.NaN : LogOdds.Of(probabilities, c))];
        return new(patient, isOf, called, scores, top == truth);
    }

    private static bool[] Any(IEnumerable<bool[]> of, int classes) => [.. Enumerable.Range(0, classes).Select(c => of.Any(flags => flags[c]))];
}
