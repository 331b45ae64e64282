namespace BulkImplantScan.Registry;

/// <summary>Hips whose device changes from one day to another: candidates for a look at the record, not revisions.</summary>
public static class CandidateRevisions
{
    /// <summary>Lines in order of kind, whether the earlier device is seen again, patient, side and day. Kinds:
    /// <c>change</c> (another device), <c>removal</c> (a film without an implant after one with), <c>conflict</c> (two devices on one day).</summary>
    public static Statistic Statistic { get; } = new(
        "candidate_revisions",
        "Candidate revisions",
        "One line for each change between two days with films of the same side (L or R) of the same patient. Change: another device. " +
        "Removal: a film without an implant after one with. Conflict: two devices on one day, which is a misread film or two implants in " +
        "one hip. Where the earlier device is seen again later, the film between was probably misread. Films without patient, side or " +
        "date cannot be compared. A list of single patients for the registry itself: not for publication.",
        """
        WITH days AS (
            SELECT patient, side, study_date, count(DISTINCT device) AS devices, min(device) AS device, max(device) AS other,
                count(*) AS films, min(probability) AS lowest
            FROM judged
            WHERE status IN ('identified', 'none') AND patient IS NOT NULL AND side IS NOT NULL AND study_date IS NOT NULL
            GROUP BY ALL),
        steps AS (
            SELECT *, lag(devices) OVER hip AS devices_before, lag(device) OVER hip AS device_before,
                lag(study_date) OVER hip AS date_before, lag(films) OVER hip AS films_before, lag(lowest) OVER hip AS lowest_before
            FROM days WINDOW hip AS (PARTITION BY patient, side ORDER BY study_date)),
        changes AS (
            SELECT patient, side, 'change' AS kind, device_before AS from_device, device AS to_device, date_before AS last_seen,
                study_date AS first_seen, films_before, films AS films_after, least(lowest, lowest_before) AS lowest_probability
            FROM steps WHERE devices = 1 AND devices_before = 1 AND device != device_before
            UNION ALL
            SELECT patient, side, 'removal', device_before, NULL, date_before, study_date, films_before, films, least(lowest, lowest_before)
            FROM steps WHERE devices = 0 AND devices_before = 1
            UNION ALL
            SELECT patient, side, 'conflict', device, other, study_date, study_date, films, films, lowest FROM steps WHERE devices > 1),
        last AS (
            SELECT patient, side, device, max(study_date) AS last_date FROM judged
            WHERE status = 'identified' AND patient IS NOT NULL AND side IS NOT NULL GROUP BY ALL)
        SELECT c.*, date_diff('day', c.last_seen, c.first_seen) AS days_between, coalesce(l.last_date > c.first_seen, false) AS seen_again
        FROM changes c LEFT JOIN last l ON l.patient = c.patient AND l.side = c.side AND l.device = c.from_device
        ORDER BY kind, seen_again, patient, side, first_seen
        """);
}
