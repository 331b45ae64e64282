namespace BulkImplantScan.Registry;

/// <summary>The answer of a <see cref="Registry.Statistic"/>.</summary>
/// <param name="Statistic">What was asked.</param>
/// <param name="Lines">Its first lines: column name → cell.</param>
/// <param name="Total">All lines that it has.</param>
public sealed record StatisticTable(Statistic Statistic, IReadOnlyList<IReadOnlyDictionary<string, object?>> Lines, long Total)
{
    /// <summary>Lines kept at most: a page holds no more, the files hold all.</summary>
    public const int MaximumLines = 10_000;

    /// <summary>Asks.</summary>
    /// <param name="database">The run.</param>
    /// <param name="statistic">The question.</param>
    /// <exception cref="RunQueryException">It needs more memory than it may use.</exception>
    public static StatisticTable Read(RunDatabase database, Statistic statistic) => Read(database, statistic, statistic.Sql);

    /// <summary>Reads an answer that lies in a table already.</summary>
    internal static StatisticTable Read(RunDatabase database, Statistic statistic, string sql)
    {
        using var result = database.Ask(sql);
        var lines = new List<IReadOnlyDictionary<string, object?>>();
        long total = 0;
        foreach (var row in result.Rows())
        {
            if (total++ >= MaximumLines) continue;
            var line = new Dictionary<string, object?>(row.Length);
            for (var i = 0; i < row.Length; i++)
                line.Add(result.Columns[i], row[i]);
            lines.Add(line);
        }

        return new(statistic, lines, total);
    }
}
