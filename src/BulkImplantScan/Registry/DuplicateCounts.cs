using System.Globalization;
using BulkImplantScan.Results;

namespace BulkImplantScan.Registry;

/// <summary>Films that are in a run more than once, by what makes them so; docs/statistics.md says what each kind is.</summary>
/// <param name="SameInstance">The same SOP Instance UID and frame again.</param>
/// <param name="Conflicting">The same SOP Instance UID and frame, but other pixels.</param>
/// <param name="SamePixels">The same pixels under another UID.</param>
/// <param name="OtherPatient">The same pixels under another patient.</param>
/// <param name="ReusedUid">The same SOP Instance UID for another patient's film; no copies, they count.</param>
public sealed record DuplicateCounts(long SameInstance, long Conflicting, long SamePixels, long OtherPatient, long ReusedUid)
{
    /// <summary>Films that count with their original.</summary>
    public long Copies => SameInstance + Conflicting + SamePixels + OtherPatient;

    /// <summary>One line for people; null when every film is there once.</summary>
    public string? Sentence
    {
        get
        {
            if (Copies + ReusedUid == 0) return null;
            var kinds = new List<string>();
            void Add(long count, string what)
            {
                if (count > 0) kinds.Add(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}"));
            }

            Add(SameInstance, "with the SOP Instance UID of another");
            Add(Conflicting, "with the UID of another but other pixels");
            Add(SamePixels, "with the pixels of another under another UID or none");
            Add(OtherPatient, "with the pixels of a film of ANOTHER PATIENT");
            var copies = Copies == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Copies:N0} duplicates, counted once: {string.Join(", ", kinds)}");
            var reused = ReusedUid == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ReusedUid:N0} films with the UID of another patient's film, counted as films of their own");
            return copies + (copies.Length > 0 && reused.Length > 0 ? "; " : "") + reused;
        }
    }

    /// <summary>Counts them in a run.</summary>
    /// <exception cref="RunFolderException">There is no run, or a file of it is damaged.</exception>
    public static DuplicateCounts Of(string runFolder)
    {
        using var database = RunDatabase.Open(runFolder);
        return Of(database);
    }

    internal static DuplicateCounts Of(RunDatabase database)
    {
        var counts = new Dictionary<string, long>();
        using (var result = database.Ask("SELECT duplicate_kind, count(*) FROM duplicates GROUP BY 1"))
            foreach (var row in result.Rows()) counts.Add((string)row[0]!, Convert.ToInt64(row[1], CultureInfo.InvariantCulture));
        long Count(string kind) => counts.GetValueOrDefault(kind);
        return new(
            Count(DuplicateFilms.SameInstance), Count(DuplicateFilms.Conflicting), Count(DuplicateFilms.SamePixels),
            Count(DuplicateFilms.OtherPatient), Count(DuplicateFilms.ReusedUid));
    }
}
