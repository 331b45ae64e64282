namespace BulkImplantScan.Registry;

/// <summary>Devices named on films from before they could be implanted: the answer, the date or the catalogue is wrong.</summary>
public static class AnswersBeforeMarket
{
    /// <summary>Lines in order of device: those of the model whose first year it knows.</summary>
    public static Statistic Statistic { get; } = new(
        "answers_before_market",
        "Answers that the calendar contradicts",
        "Films, studies and patients in which a device was identified in a year before the one that the model's catalogue names as its first: " +
        "misread films, wrong dates, or a wrong year in the catalogue. The share is of the device's dated films, with its 95 % Wilson interval " +
        "of films. Devices without such a year, and films without a date, are not in it.",
        """
        WITH known AS (SELECT device, min(marketed_from) AS marketed_from FROM classes WHERE marketed_from IS NOT NULL GROUP BY device),
        dated AS (
            SELECT device, count(DISTINCT film_index) AS films,
                count(DISTINCT film_index) FILTER (study_year < marketed_from) AS films_before,
                count(DISTINCT study) FILTER (study_year < marketed_from) AS studies_before,
                count(DISTINCT patient) FILTER (study_year < marketed_from) AS patients_before,
                min(study_date) FILTER (study_year < marketed_from) AS earliest
            FROM judged JOIN known USING (device) WHERE status = 'identified' AND study_year IS NOT NULL GROUP BY device)
        SELECT k.device, k.marketed_from, coalesce(films_before, 0) AS films_before, coalesce(studies_before, 0) AS studies_before,
            coalesce(patients_before, 0) AS patients_before, earliest, coalesce(films, 0) AS films_dated,
            CASE WHEN films > 0 THEN films_before / films END AS share,
            CASE WHEN films > 0 THEN wilson_low(films_before, films) END AS share_low,
            CASE WHEN films > 0 THEN wilson_high(films_before, films) END AS share_high
        FROM known k LEFT JOIN dated USING (device) ORDER BY k.device
        """);
}
