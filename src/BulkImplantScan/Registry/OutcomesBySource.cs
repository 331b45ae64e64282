namespace BulkImplantScan.Registry;

/// <summary>Outcomes by site and machine: where the engine is blind, not where a device is used.</summary>
public static class OutcomesBySource
{
    /// <summary>Lines in order of number of films.</summary>
    /// <remarks>Probabilities are added as whole millionths: a sum of floats would depend on the number of threads.</remarks>
    public static Statistic Statistic { get; } = new(
        "outcomes_by_source",
        "Outcomes by site and machine",
        "Films by the site's pseudonym and the machine's maker and model as their header names them; copies count once. A table of bias, " +
        "not a result: a network may read the machine instead of the implant. Undecided is the share of films that abstained, with its " +
        "95 % Wilson interval, out of films that the network judged. The interval takes films as independent, so it is too narrow.",
        """
        WITH counted AS (
            SELECT site, machine_maker, machine_model, count(*) AS films, count(DISTINCT patient) AS patients,
                count(*) FILTER (status = 'identified') AS identified, count(*) FILTER (status = 'none') AS none,
                count(*) FILTER (status = 'abstained') AS abstained, count(*) FILTER (status = 'rejected') AS rejected,
                count(*) FILTER (status = 'failed') AS failed,
                avg(round(probability::DOUBLE * 1e6)::BIGINT) FILTER (status = 'identified' AND isfinite(probability)) / 1e6 AS mean_probability
            FROM outcomes WHERE duplicate_of IS NULL GROUP BY ALL)
        SELECT *, CASE WHEN judged > 0 THEN abstained / judged END AS undecided,
            CASE WHEN judged > 0 THEN wilson_low(abstained, judged) END AS undecided_low,
            CASE WHEN judged > 0 THEN wilson_high(abstained, judged) END AS undecided_high
        FROM (SELECT *, identified + none + abstained AS judged FROM counted)
        ORDER BY films DESC, site NULLS LAST, machine_maker NULLS LAST, machine_model NULLS LAST
        """);
}
