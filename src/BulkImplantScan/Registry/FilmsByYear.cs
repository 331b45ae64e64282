namespace BulkImplantScan.Registry;

/// <summary>What became of the films of each year.</summary>
public static class FilmsByYear
{
    /// <summary>Lines in order of year; films without a study date have year null and come last.</summary>
    public static Statistic Statistic { get; } = new(
        "films_by_year",
        "Films by year and outcome",
        "Films by year of the study, each in one of the five outcomes or a copy of a film that is: together they are all films. " +
        "A year in which more films abstain, are rejected or fail is counted less completely than the others.",
        """
        SELECT year(study_date)::INTEGER AS year, count(DISTINCT film_index) AS films, count(DISTINCT study) AS studies,
            count(DISTINCT patient) AS patients,
            count(*) FILTER (outcome = 'identified') AS identified, count(*) FILTER (outcome = 'none') AS none,
            count(*) FILTER (outcome = 'abstained') AS abstained, count(*) FILTER (outcome = 'rejected') AS rejected,
            count(*) FILTER (outcome = 'failed') AS failed, count(*) FILTER (outcome = 'copy') AS copies
        FROM (SELECT *, CASE WHEN duplicate_of IS NULL THEN status ELSE 'copy' END AS outcome FROM outcomes) GROUP BY 1 ORDER BY 1 NULLS LAST
        """);
}
