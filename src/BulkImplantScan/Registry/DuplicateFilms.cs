namespace BulkImplantScan.Registry;

/// <summary>Finds films that are in the archive more than once.</summary>
/// <remarks>Groups of one SOP Instance UID and frame, and groups of the same stored pixels; a film in both goes with its UID. Of each
/// group one is the original: the first that the network judged, else the first, by place in the inventory; so a damaged copy
/// does not stand for a good one, and the order of scanning does not matter. Of a pelvis one row is looked at: both hips have its pixels. Only what is doubled is kept in memory, not a window
/// over all rows: an archive has 10 million of them.</remarks>
internal static class DuplicateFilms
{
    /// <summary>Same SOP Instance UID and frame, same pixels (or one of both was not decoded).</summary>
    public const string SameInstance = "same_instance";

    /// <summary>Same SOP Instance UID and frame of the same patient, other pixels: edited or damaged after it got its UID.</summary>
    public const string Conflicting = "conflicting";

    /// <summary>Same pixels under another SOP Instance UID, or without one.</summary>
    public const string SamePixels = "same_pixels";

    /// <summary>Same pixels under another patient: one of them is not theirs.</summary>
    public const string OtherPatient = "other_patient";

    /// <summary>Same SOP Instance UID, but another patient and other pixels: two films, of which both count.</summary>
    public const string ReusedUid = "reused_uid";

    /// <summary>Columns of the table <c>duplicates</c>: a row for each film that is not the original of its group.</summary>
    public const string Columns = "film_index BIGINT, duplicate_of VARCHAR, duplicate_kind VARCHAR";

    /// <summary>Fills it. Films that the network did not judge have no pixels to compare: blank films are all alike.</summary>
    public const string Find = $"""
        CREATE TEMP VIEW turns AS
        SELECT film_index, film_key, instance, patient,
            CASE WHEN judged THEN pixel_hash END AS pixels,
            list_filter(coalesce(notes, []), lambda note: starts_with(note, 'reduced_')) AS reduced,
            CASE WHEN judged THEN film_index ELSE film_index + (1::BIGINT << 62) END AS turn
        FROM (SELECT *, status IN ('identified', 'none', 'abstained') AS judged FROM parts WHERE region != 'left');

        CREATE TEMP TABLE same_instance AS
        WITH doubled AS (SELECT instance FROM turns WHERE instance IS NOT NULL GROUP BY ALL HAVING count(*) > 1),
        members AS (FROM turns SEMI JOIN doubled USING (instance)),
        originals AS (
            SELECT instance, min(turn) AS turn, arg_min(film_key, turn) AS film_key, arg_min(patient, turn) AS patient,
                arg_min(pixels, turn) AS pixels, arg_min(reduced, turn) AS reduced
            FROM members GROUP BY ALL)
        SELECT m.film_index, min(m.film_key) AS film_key, min(o.film_key) AS original,
            min(CASE
                WHEN m.pixels != o.pixels AND m.reduced = o.reduced AND m.patient != o.patient THEN '{ReusedUid}'
                WHEN m.pixels != o.pixels AND m.reduced = o.reduced THEN '{Conflicting}'
                WHEN m.pixels = o.pixels AND m.patient != o.patient THEN '{OtherPatient}'
                ELSE '{SameInstance}' END) AS kind
        FROM members m JOIN originals o ON o.instance = m.instance
        WHERE m.turn > o.turn GROUP BY ALL;

        CREATE TEMP TABLE same_pixels AS
        WITH doubled AS (SELECT pixels FROM turns WHERE pixels IS NOT NULL GROUP BY ALL HAVING count(*) > 1),
        members AS (FROM turns SEMI JOIN doubled USING (pixels)),
        originals AS (
            SELECT pixels, min(turn) AS turn, arg_min(film_key, turn) AS film_key, arg_min(patient, turn) AS patient,
                arg_min_null(instance, turn) AS instance
            FROM members GROUP BY ALL)
        SELECT m.film_index, min(m.film_key) AS film_key, min(o.film_key) AS original,
            min(CASE WHEN m.patient != o.patient THEN '{OtherPatient}' WHEN m.instance = o.instance THEN '{SameInstance}'
                ELSE '{SamePixels}' END) AS kind
        FROM members m JOIN originals o ON o.pixels = m.pixels
        WHERE m.turn > o.turn GROUP BY ALL;

        CREATE TEMP TABLE found AS
        FROM same_instance WHERE kind != '{ReusedUid}'
        UNION ALL
        SELECT x.* FROM same_pixels x
        ANTI JOIN (FROM same_instance WHERE kind != '{ReusedUid}') i ON i.film_index = x.film_index;

        INSERT INTO duplicates
        SELECT f.film_index, coalesce(third.original, second.original, f.original), f.kind
        FROM found f
        LEFT JOIN found second ON second.film_key = f.original
        LEFT JOIN found third ON third.film_key = second.original
        UNION ALL
        SELECT i.film_index, NULL, i.kind FROM same_instance i
        ANTI JOIN found f ON f.film_index = i.film_index WHERE i.kind = '{ReusedUid}';

        DROP TABLE found;
        DROP TABLE same_instance;
        DROP TABLE same_pixels;
        DROP VIEW turns;
        """;
}
