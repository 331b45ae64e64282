namespace BulkImplantScan.Assessment;

/// <summary>Films by what they show and what they were called: every evaluated film is in one cell.</summary>
/// <param name="Rows">Ids of the classes that films show, then <c>unknown</c>.</param>
/// <param name="Columns">Ids of the model's classes, then what is no answer.</param>
/// <param name="Films">[row][column].</param>
public sealed record Confusion(IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, int[][] Films)
{
    /// <summary>Most pairs that are listed.</summary>
    private const int MostPairs = 10;

    /// <summary>Wrong cells among the model's classes, the fullest first: truth, answer, films.</summary>
    public IReadOnlyList<ConfusedPair> MostConfused =>
    [
        .. Rows.SelectMany((row, r) => Columns.Select((column, c) => new ConfusedPair(row, column, Films[r][c])))
            .Where(pair => pair.Truth != pair.Answer && pair.Films > 0).OrderByDescending(pair => pair.Films).Take(MostPairs),
    ];

    /// <summary>By the largest probability, thresholds ignored; last column: no probabilities.</summary>
    internal static Confusion Forced(LabelledRun run) =>
        Of(run, ["no answer"], film => film.Top >= 0 ? film.Top : run.Classes.Count);

    /// <summary>As the engine answers: last columns abstained, rejected, failed.</summary>
    internal static Confusion Answered(LabelledRun run) =>
        Of(run, ["abstained", "rejected", "failed"], film => film.Status switch
        {
            "abstained" => run.Classes.Count,
            "rejected" => run.Classes.Count + 1,
            "failed" => run.Classes.Count + 2,
            _ => film.Top >= 0 ? film.Top : run.Classes.Count + 2, // answered without probabilities: a row that is none of ours
        });

    private static Confusion Of(LabelledRun run, string[] more, Func<LabelledFilm, int> column)
    {
        int[] shown = [.. Enumerable.Range(0, run.Classes.Count).Where(c => run.Classes[c].Answers)];
        var films = new int[shown.Length + 1][];
        for (var r = 0; r < films.Length; r++) films[r] = new int[run.Classes.Count + more.Length];
        foreach (var film in run.Films) films[film.Truth < 0 ? shown.Length : Array.IndexOf(shown, film.Truth)][column(film)]++;
        return new([.. shown.Select(c => run.Classes[c].Id), TruthFile.Unknown], [.. run.Classes.Select(c => c.Id), .. more], films);
    }
}
