namespace BulkImplantScan.Registry;

/// <summary>Films, studies, patients and implants of each device, then those that no device was found in: all films are in one line.</summary>
public static class ImplantsByDevice
{
    /// <summary>Lines in order of <c>line</c>: devices by patients, <c>none</c>, <c>abstained</c>, <c>rejected</c>, <c>failed</c>,
    /// <c>copies</c>, <c>all</c>. A device of the model that was never seen is there with zeros.</summary>
    public static Statistic Statistic { get; } = new(
        "implants_by_device",
        "Devices",
        "Films, studies and patients are those with at least one film of that outcome; copies of a film count once; a pelvis with two devices is in both lines, and one with a device in one hip in no other. " +
        "An implant is patient × side × device. The share is of patients with any identified device, with its 95 % Wilson " +
        "interval; patients are the unit, because films and sides of one patient are not independent. A patient with two devices is in both lines.",
        """
        WITH by_device AS (
            SELECT device, count(DISTINCT film_index) AS films, count(DISTINCT study) AS studies, count(DISTINCT patient) AS patients
            FROM judged WHERE status = 'identified' GROUP BY device),
        by_implant AS (SELECT device, count(*) AS implants FROM implants GROUP BY device),
        everyone AS (SELECT count(DISTINCT patient) AS patients FROM judged WHERE status = 'identified'),
        devices AS (
            SELECT 0 AS line, 'identified' AS outcome, device, coalesce(films, 0) AS films, coalesce(studies, 0) AS studies,
                coalesce(d.patients, 0) AS patients, coalesce(implants, 0) AS implants, e.patients AS denominator
            FROM (SELECT device FROM classes WHERE kind = 'device' UNION SELECT device FROM by_device) names
            LEFT JOIN by_device d USING (device) LEFT JOIN by_implant USING (device), everyone e),
        others AS (
            SELECT CASE WHEN duplicate_of IS NOT NULL THEN 5
                    ELSE list_position(['none', 'abstained', 'rejected', 'failed'], status) END AS line,
                CASE WHEN duplicate_of IS NOT NULL THEN 'copies' ELSE status END AS outcome,
                count(DISTINCT film_index) AS films, count(DISTINCT study) AS studies, count(DISTINCT patient) AS patients
            FROM outcomes WHERE status != 'identified' OR duplicate_of IS NOT NULL GROUP BY ALL),
        total AS (
            SELECT count(DISTINCT film_index) AS films, count(DISTINCT study) AS studies, count(DISTINCT patient) AS patients FROM films)
        SELECT outcome, device, films, studies, patients, implants,
            CASE WHEN denominator > 0 THEN patients / denominator END AS patient_share,
            CASE WHEN denominator > 0 THEN wilson_low(patients, denominator) END AS share_low,
            CASE WHEN denominator > 0 THEN wilson_high(patients, denominator) END AS share_high,
            denominator
        FROM (
            FROM devices
            UNION ALL SELECT line, outcome, NULL, films, studies, patients, NULL, NULL FROM others
            UNION ALL SELECT 6, 'all', NULL, films, studies, patients, (SELECT count(*) FROM implants), NULL FROM total)
        ORDER BY line, patients DESC, films DESC, device
        """);
}
