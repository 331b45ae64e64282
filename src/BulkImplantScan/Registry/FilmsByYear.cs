namespace BulkImplantScan.Registry;

/// <summary>What became of the films of each year.</summary>
public static class FilmsByYear
{
    /// <summary>Lines in order of year; films without a study date have year null and come last.</summary>
    public static Statistic Statistic { get; } = new(
        "films_by_year",
        "Films by year and outcome",
        "Films by year of the study, each in one of the five outcomes; copies are counted beside them and are part of them. " +
        "A year in which more films abstain, are rejected or fail is counted less completely than the others.",
        """
        SELECT year(study_date)::INTEGER AS year, count(DISTINCT film_index) AS films, count(DISTINCT study) AS studies,
            count(DISTINCT patient) AS patients,
            count(*) FILTER (status = 'identified') AS identified, count(*) FILTER (status = 'none') AS none,
            count(*) FILTER (status = 'abstained') AS abstained, count(*) FILTER (status = 'rejected') AS rejected,
            count(*) FILTER (status = 'failed') AS failed, count(*) FILTER (duplicate_of IS NOT NULL) AS copies
        FROM films GROUP BY 1 ORDER BY 1 NULLS LAST
        """);
}
