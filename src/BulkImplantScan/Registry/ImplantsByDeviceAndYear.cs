namespace BulkImplantScan.Registry;

/// <summary>Each device in each year.</summary>
public static class ImplantsByDeviceAndYear
{
    /// <summary>Lines in order of device and year; films without a study date have year null.</summary>
    public static Statistic Statistic { get; } = new(
        "implants_by_device_and_year",
        "Devices by year",
        "Films, studies and patients by year of the study. First seen: implants (patient × side × device) whose earliest film " +
        "in this archive is of that year; that is not the year of the operation, and the archive's first years hold older implants. " +
        "The share is of patients with any identified device in that year, with its 95 % Wilson interval.",
        """
        WITH by_year AS (
            SELECT device, study_year AS year, count(DISTINCT film_index) AS films, count(DISTINCT study) AS studies,
                count(DISTINCT patient) AS patients
            FROM judged WHERE status = 'identified' GROUP BY ALL),
        first AS (SELECT device, year(first_seen)::INTEGER AS year, count(*) AS implants FROM implants GROUP BY ALL),
        everyone AS (
            SELECT study_year AS year, count(DISTINCT patient) AS patients FROM judged WHERE status = 'identified' GROUP BY ALL)
        SELECT y.device, y.year, y.films, y.studies, y.patients, coalesce(f.implants, 0) AS implants_first_seen,
            CASE WHEN e.patients > 0 THEN y.patients / e.patients END AS patient_share,
            CASE WHEN e.patients > 0 THEN wilson_low(y.patients, e.patients) END AS share_low,
            CASE WHEN e.patients > 0 THEN wilson_high(y.patients, e.patients) END AS share_high,
            e.patients AS denominator
        FROM by_year y
        LEFT JOIN first f ON f.device = y.device AND f.year IS NOT DISTINCT FROM y.year
        LEFT JOIN everyone e ON e.year IS NOT DISTINCT FROM y.year
        ORDER BY y.device, y.year NULLS LAST
        """);
}
