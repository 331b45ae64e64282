using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>How unknown hardware is told from the model's classes: one set of unknown films, one score.</summary>
/// <param name="Group"><c>all</c>, or a value of the truth's column <c>set</c> or <c>design</c>.</param>
/// <param name="Column">The column; null for all.</param>
/// <param name="Score"><c>energy</c> (Liu 2020) , <c>one_minus_probability</c> (Hendrycks 2017; of the classes
/// that answer) or <c>feature_distance</c> (Lee 2018), where the model has it: larger = more unlike what is known.</param>
/// <param name="N">Unknown films with a score.</param>
/// <param name="Known">Films of the model's classes with one.</param>
/// <param name="Auroc">Probability that an unknown film scores above a known one.</param>
/// <param name="UnknownPassedAt95Known">Share of unknown films that pass where 95 % of the known pass (Liang 2018).</param>
/// <param name="KnownRefusedAt95Unknown">Share of known films refused where 95 % of the unknown are.</param>
/// <param name="CalledDevice">Share of the unknown films, with a score or not, that the engine calls a device of its catalogue.</param>
/// <param name="CalledNone">Share that it calls free of implants.</param>
public sealed record UnknownFigures(
    string Group, string? Column, string Score, int N, int Known, Estimate Auroc, Estimate UnknownPassedAt95Known, Estimate KnownRefusedAt95Unknown,
    Estimate CalledDevice, Estimate CalledNone)
{
    internal static UnknownFigures[] Of(LabelledRun run, EvaluationOptions options)
    {
        var known = run.Films.Where(film => film.Truth >= 0).ToArray();
        var unknown = run.Films.Where(film => film.Truth < 0).ToArray();
        if (unknown.Length == 0) return [];
        int[] answering = [.. Enumerable.Range(0, run.Classes.Count).Where(c => run.Classes[c].Answers)];
        (string Group, string? Column, LabelledFilm[] Films)[] groups =
        [
            ("all", null, unknown),
            .. Groups("set", film => film.Set), .. Groups("design", film => film.Design),
        ];
        return
        [
            .. groups.SelectMany(group => ((string, Func<LabelledFilm, double?>)[])
                [("energy", film => film.Energy), ("one_minus_probability", film => film.Top >= 0 ? 1 - answering.Max(c => film.Probabilities[c]) : null), ("feature_distance", film => film.FeatureDistance)],
                (group, score) => (Group: group, Score: score)).Where(pair => pair.Group.Films.Any(film => pair.Score.Item2(film) is not null) || pair.Score.Item1 == "energy")
                .Select(pair => Of(pair.Group.Group, pair.Group.Column, pair.Score.Item1, known, pair.Group.Films, pair.Score.Item2, options)),
        ];

        IEnumerable<(string, string?, LabelledFilm[])> Groups(string column, Func<LabelledFilm, string?> of)
        {
            var by = unknown.Where(film => of(film) is not null).GroupBy(film => of(film)!).OrderBy(films => films.Key, StringComparer.Ordinal).ToArray();
            return by.Length < 2 ? [] : by.Select(films => (films.Key, (string?)column, films.ToArray()));
        }
    }

    private static UnknownFigures Of(
        string group, string? column, string name, LabelledFilm[] known, LabelledFilm[] unknown, Func<LabelledFilm, double?> score, EvaluationOptions options)
    {
        LabelledFilm[] films = [.. known.Concat(unknown).Where(film => score(film) is not null)];
        var scores = Array.ConvertAll(films, film => score(film)!.Value);
        var isUnknown = Array.ConvertAll(films, film => film.Truth < 0);
        var problem = new OneVersusRest([.. Enumerable.Range(0, films.Length)], isUnknown, isUnknown, scores);
        var bootstrap = new ClusterBootstrap(PatientNumbers.Of(films.Select(film => film.Patient)), options.Replicates, options.Seed).Of(1, (weights, into) => into[0] = problem.Auc(weights))[0];
        var units = Array.ConvertAll(unknown, film => new JudgedUnit(film.Patient, [], [film.Status == "identified", film.Status == "none"], [], false));
        var (n, m) = (problem.Positives.Length, problem.Negatives.Length);
        return new(
            group, column, name, n, m,
            LevelFigures.Area([.. films.Select((film, i) => (isUnknown[i], scores[i], film.Patient))], bootstrap),
            Rate(OutlierRates.UnknownPassed(problem.Negatives, problem.Positives), n, m),
            Rate(OutlierRates.KnownRefused(problem.Negatives, problem.Positives), m, n),
            LevelFigures.Share(units, _ => true, unit => unit.Called[0], null),
            LevelFigures.Share(units, _ => true, unit => unit.Called[1], null));
    }

    /// <summary>Wilson's interval, which takes the threshold as given: it, too, was drawn from films.</summary>
    private static Estimate Rate(int count, int of, int others)
    {
        if (of == 0 || others == 0) return Estimate.None;
        var interval = Wilson.Of(count, of);
        return new(count / (double)of, interval.Low, interval.High, "wilson");
    }
}
