using System.Globalization;
using BulkImplantScan.Results;

namespace BulkImplantScan.Registry;

/// <summary>Checks the invariant of a run: every film of the inventory has one row, or one a hip of its pelvis, with a known status and
/// reason, so films in = identified + none + abstained + rejected + failed.</summary>
public static class Ledger
{
    private const int ExamplesShown = 3;

    /// <summary>Checks a run, finished or not.</summary>
    /// <param name="runFolder">The run.</param>
    /// <param name="options">Limits; null for the usual ones.</param>
    /// <exception cref="RunFolderException">There is no run, or its inventory is damaged. A damaged part is a problem, no exception.</exception>
    public static LedgerBalance Check(string runFolder, RunDatabaseOptions? options = null)
    {
        using var database = RunDatabase.Open(RunFolder.Open(runFolder), options ?? new(), locked: true, skipUnreadable: true);
        return Check(database);
    }

    internal static LedgerBalance Check(RunDatabase database)
    {
        var problems = new List<string>();
        foreach (var part in database.UnreadableParts)
            problems.Add($"{Path.GetFileName(part)} cannot be read: delete it and scan again.");
        var manifest = database.Run.Manifest;
        if (manifest.Films is null) problems.Add("The index is not finished: there is no complete inventory.");

        var counts = One(database, Counts);
        var (films, rows, missing) = (counts[0], counts[1], counts[8]);
        if (manifest.Films is { } expected && expected != films)
            problems.Add(Invariant($"The inventory holds {films} films, run.json says {expected}."));
        if (missing > 0)
            problems.Add(Invariant($"{missing} of {films} films have no row: the scan is not finished (scan the run again)."));

        AddRows(problems, database, Doubled, "{0} keys have more than one row: {1}.");
        AddRows(problems, database, Halves, "{0} films have rows that are neither that of the film nor those of its two hips: {1}.");
        AddRows(problems, database, Strangers, "{0} rows belong to no film of the inventory: {1}.");
        AddRows(problems, database, UnknownStatus, "{0} rows have a status that is not in the list: {1}.");
        AddRows(problems, database, UnknownReason, "{0} rows have a reason that is not in the list: {1}.");
        AddRows(problems, database, StatusAgainstReason, "{0} rows have a reason that does not belong to their status: {1}.");

        return new(films, rows, counts[2], counts[3], counts[4], counts[5], counts[6], counts[7], missing, problems) { Kinds = DuplicateCounts.Of(database) };
    }

    private const string Counts = """
        SELECT (SELECT count(*) FROM inventory), (SELECT count(*) FROM parts),
            count(*) FILTER (status = 'identified'), count(*) FILTER (status = 'none'), count(*) FILTER (status = 'abstained'),
            count(*) FILTER (status = 'rejected'), count(*) FILTER (status = 'failed'),
            count(*) FILTER (duplicate_of IS NOT NULL),
            (SELECT count(*) FROM inventory i WHERE NOT EXISTS (FROM parts p WHERE p.film_index = i.film_index))
        FROM outcomes
        """;

    private const string Doubled = """
        SELECT film_key || ' ' || region FROM parts GROUP BY film_key, region HAVING count(*) > 1
        """;

    private const string Halves = """
        SELECT film_key FROM parts SEMI JOIN (SELECT film_index FROM parts WHERE region != 'whole') USING (film_index)
        GROUP BY film_key HAVING string_agg(DISTINCT region, ' ' ORDER BY region) != 'left right'
        """;

    /// <summary>Key and place in the inventory must both agree.</summary>
    private const string Strangers = """
        SELECT p.film_key FROM parts p
        WHERE NOT EXISTS (FROM inventory i WHERE i.film_index = p.film_index AND i.film_key = p.film_key)
        """;

    private static readonly string UnknownStatus = $"""
        SELECT coalesce(status, 'null') FROM parts WHERE status IS NULL OR status NOT IN ({List(Enum.GetValues<FilmStatus>().Select(s => s.InRow()))})
        """;

    private static readonly string UnknownReason = $"""
        SELECT reason FROM parts WHERE reason NOT IN ({List(Enum.GetValues<Reason>().Where(r => r != Reason.None).Select(r => r.InRow()))})
        """;

    /// <summary>What was decided needs no reason; what was not needs one.</summary>
    private const string StatusAgainstReason = """
        SELECT status || ' / ' || coalesce(reason, 'no reason') FROM parts
        WHERE (status IN ('identified', 'none')) != (reason IS NULL)
        """;

    private static long[] One(RunDatabase database, string sql)
    {
        using var result = database.Ask(sql);
        return [.. result.Rows().Single().Select(cell => Convert.ToInt64(cell, CultureInfo.InvariantCulture))];
    }

    private static void AddRows(List<string> problems, RunDatabase database, string offenders, string sentence)
    {
        using var result = database.Ask(
            $"SELECT count(*), string_agg(DISTINCT o, ', ' ORDER BY o) FILTER (n <= {ExamplesShown}) FROM (SELECT o, row_number() OVER (ORDER BY o) AS n FROM ({offenders}) t(o))");
        var row = result.Rows().Single();
        var count = Convert.ToInt64(row[0], CultureInfo.InvariantCulture);
        if (count == 0) return;
        var examples = row[1] + (count > ExamplesShown ? ", …" : "");
        problems.Add(string.Format(CultureInfo.InvariantCulture, sentence, count, examples));
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(RunDatabase.Quote));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
