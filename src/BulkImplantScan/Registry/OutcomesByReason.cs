namespace BulkImplantScan.Registry;

/// <summary>Why films have the outcome they have.</summary>
public static class OutcomesByReason
{
    /// <summary>Lines in order of outcome (as the ledger) and number of films; last the copies, by what makes them so.</summary>
    public static Statistic Statistic { get; } = new(
        "outcomes_by_reason",
        "Outcomes and their reasons",
        "Films out of all films of the run, copies of a film counted once: those are the lines at the end. The 95 % Wilson interval takes films as independent; " +
        "films of one machine fail together, so it is narrower than it should be.",
        """
        WITH total AS (SELECT count(*) AS films FROM outcomes WHERE duplicate_of IS NULL)
        SELECT * FROM (
            SELECT status, reason, count(*) AS films, count(*) / any_value(total.films) AS share,
                wilson_low(count(*), any_value(total.films)) AS share_low, wilson_high(count(*), any_value(total.films)) AS share_high
            FROM outcomes, total WHERE duplicate_of IS NULL GROUP BY status, reason
            UNION ALL
            SELECT 'copies', duplicate_kind, count(*), NULL, NULL, NULL FROM outcomes WHERE duplicate_of IS NOT NULL GROUP BY duplicate_kind)
        ORDER BY list_position(['identified', 'none', 'abstained', 'rejected', 'failed', 'copies'], status), films DESC, reason
        """);
}
