using BulkImplantScan.Registry;
using BulkImplantScan.Results;
using CsCheck;

namespace BulkImplantScan.Tests.Registry;

public sealed class DuplicateFilmsTests
{
    [Fact]
    public void The_same_uid_twice_is_a_copy_and_frames_of_one_file_are_none()
    {
        Assert.Equal(["", "0 same_instance", ""], Kinds(
            Film(0, instance: "i frame 1", pixels: "x"), Film(1, instance: "i frame 1", pixels: "x"), Film(2, instance: "i frame 2", pixels: "y")));
    }

    [Fact]
    public void The_same_pixels_under_another_uid_or_without_one_are_a_copy() =>
        Assert.Equal(["", "0 same_pixels", "0 same_pixels"], Kinds(
            Film(0, instance: "i", pixels: "x"), Film(1, instance: "k", pixels: "x"), Film(2, instance: null, pixels: "x")));

    [Fact]
    public void The_same_uid_with_other_pixels_conflicts_and_the_first_counts() =>
        Assert.Equal(["", "0 conflicting"], Kinds(Film(0, instance: "i", pixels: "x"), Film(1, instance: "i", pixels: "y")));

    [Fact]
    public void A_film_decoded_at_another_resolution_does_not_conflict() =>
        Assert.Equal(["", "0 same_instance"], Kinds(
            Film(0, instance: "i", pixels: "x"), Film(1, instance: "i", pixels: "y") with { Notes = ["reduced_2"] }));

    [Fact]
    public void The_same_pixels_under_another_patient_are_said_apart_whoever_comes_first()
    {
        Assert.Equal(["", "0 other_patient"], Kinds(Film(0, "p", "i", "x"), Film(1, "q", "k", "x")));
        Assert.Equal(["", "0 other_patient"], Kinds(Film(0, "p", "i", "x"), Film(1, "q", "i", "x")));
        Assert.Equal(["", "0 same_pixels", "0 other_patient"], Kinds(Film(0, null, null, "x"), Film(1, "p", "k", "x"), Film(2, "q", "m", "x")));
    }

    [Fact]
    public void A_uid_that_two_patients_films_share_makes_no_copy() =>
        Assert.Equal(["", " reused_uid", "1 same_instance"], Kinds(Film(0, "p", "i", "x"), Film(1, "q", "i", "y"), Film(2, "q", "i", "y")));

    [Fact]
    public void A_damaged_copy_never_stands_for_a_good_one() =>
        Assert.Equal(["1 same_instance", "", "1 same_instance"], Kinds(
            Film(0, instance: "i", pixels: null, FilmStatus.Failed), Film(1, instance: "i", pixels: "x"), Film(2, instance: "i", pixels: "x")));

    [Fact]
    public void Films_that_were_not_judged_have_no_pixels_to_compare() =>
        Assert.Equal(["", "", ""], Kinds(
            Film(0, instance: "i", pixels: "blank", FilmStatus.Failed), Film(1, instance: "k", pixels: "blank", FilmStatus.Failed),
            Film(2, instance: "m", pixels: "blank")));

    [Fact]
    public void The_kinds_are_counted_and_said_in_a_sentence()
    {
        using var run = new SmallRun(
        [
            Film(0, "p", "i", "x"), Film(1, "p", "i", "x"), Film(2, "p", "k", "x"), Film(3, "q", "m", "x"), Film(4, "p", "i", "z"),
            Film(5, "q", "i", "w"),
        ]);
        var ledger = Ledger.Check(run.FullPath);
        Assert.True(ledger.Ok, string.Join(' ', ledger.Problems));
        Assert.Equal((6, 4), (ledger.Films, ledger.Duplicates));
        Assert.Equal(new DuplicateCounts(SameInstance: 1, Conflicting: 1, SamePixels: 1, OtherPatient: 1, ReusedUid: 1), ledger.Kinds);
        Assert.Equal(
            "4 duplicates, counted once: 1 with the SOP Instance UID of another, 1 with the UID of another but other pixels, " +
            "1 with the pixels of another under another UID or none, 1 with the pixels of a film of ANOTHER PATIENT; " +
            "1 films with the UID of another patient's film, counted as films of their own", ledger.Kinds.Sentence);
        Assert.Null(new DuplicateCounts(0, 0, 0, 0, 0).Sentence);
    }

    /// <summary>Whatever is copied, every statistic counts it once: the tables of a run with copies are those of the run without.</summary>
    [Fact]
    public void Every_statistic_counts_a_copied_film_once()
    {
        FilmRow[] once =
        [
            Film(0, "p", "i0", "x0"), Film(1, "p", "i1", "x1", FilmStatus.None), Film(2, "q", "i2", "x2", FilmStatus.Abstained),
            Film(3, "q", "i3", null, FilmStatus.Rejected), Film(4, "r", "i4", null, FilmStatus.Failed), Film(5, "r", null, "x5"),
        ];
        FilmRow[] twice = [.. once, .. once.Take(5).Select((row, i) => row with { FilmIndex = 6 + i, FilmKey = (6 + i).ToString("x32") }), once[5] with { FilmIndex = 11, FilmKey = 11.ToString("x32") }];
        using var run = new SmallRun(once);
        using var copied = new SmallRun(twice);
        using var expected = RunDatabase.Open(run.FullPath);
        using var actual = RunDatabase.Open(copied.FullPath);
        foreach (var statistic in (Statistic[])[ImplantsByDevice.Statistic, ImplantsByDeviceAndYear.Statistic, FilmsByYear.Statistic, OutcomesByReason.Statistic,
            OutcomesBySource.Statistic, ConfidenceHistogram.Statistic, ImplantsByPatientGroup.Statistic(0), CandidateRevisions.Statistic])
        {
            Assert.Equal(Lines(expected, statistic), Lines(actual, statistic));
        }
    }

    /// <summary>Against the definition, film by film, on random archives.</summary>
    [Fact]
    public void Random_archives_agree_with_the_definition()
    {
        var film = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 2], Gen.Bool, (instance, pixels, patient, isJudged) =>
            (Instance: instance == 0 ? null : $"i{instance}", Pixels: pixels == 0 ? null : $"x{pixels}", Patient: patient == 0 ? null : $"p{patient}", isJudged));
        film.Array[0, 12].Sample(films =>
        {
            var rows = films.Select((f, i) => Film(i, f.Patient, f.Instance, f.Pixels, f.isJudged ? FilmStatus.Identified : FilmStatus.Failed)).ToArray();
            Assert.Equal(Naive(rows), Kinds(rows));
        }, iter: 40, threads: 1);
    }

    private static string[] Naive(FilmRow[] rows)
    {
        long Turn(FilmRow row) => row.FilmIndex + (row.Status == FilmStatus.Failed ? 1000 : 0);
        string? Pixels(FilmRow row) => row.Status == FilmStatus.Failed ? null : row.PixelHash;
        var original = new FilmRow?[rows.Length];
        var kind = new string[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            kind[i] = "";
            var uid = rows.Where(other => other.Facts.Instance is { } instance && instance == row.Facts.Instance).OrderBy(Turn).ToArray();
            if (uid.Length > 1 && Turn(row) > Turn(uid[0]))
            {
                var patient = uid.Select(other => other.Facts.Patient).FirstOrDefault(other => other is not null);
                var pixels = uid.Select(Pixels).FirstOrDefault(other => other is not null);
                var (isOther, isSame) = (Pixels(row) is { } own && pixels is not null && own != pixels, Pixels(row) is { } same && same == pixels);
                var isStranger = row.Facts.Patient is { } name && patient is not null && name != patient;
                kind[i] = isOther && isStranger ? "reused_uid" : isOther ? "conflicting" : isSame && isStranger ? "other_patient" : "same_instance";
                if (kind[i] != "reused_uid")
                {
                    original[i] = uid[0];
                    continue;
                }
            }

            var alike = rows.Where(other => Pixels(other) is { } pixels && pixels == Pixels(row)).OrderBy(Turn).ToArray();
            if (alike.Length > 1 && Turn(row) > Turn(alike[0]))
            {
                var patient = alike.Select(other => other.Facts.Patient).FirstOrDefault(other => other is not null);
                original[i] = alike[0];
                kind[i] = row.Facts.Patient is { } name && patient is not null && name != patient ? "other_patient"
                    : row.Facts.Instance is { } own && own == alike[0].Facts.Instance ? "same_instance" : "same_pixels";
            }
        }

        return [.. rows.Select((_, i) =>
        {
            var first = original[i];
            for (var hops = 0; hops < 2 && first is not null && original[first.FilmIndex] is { } further; hops++) first = further;
            return first is null ? kind[i].Length == 0 ? "" : " " + kind[i] : $"{first.FilmIndex} {kind[i]}";
        })];
    }

    private static string[] Kinds(params FilmRow[] rows)
    {
        using var run = new SmallRun(rows);
        using var database = RunDatabase.Open(run.FullPath, new() { Threads = 1 });
        using var result = database.Query(
            "SELECT duplicate_of, duplicate_kind FROM films ORDER BY film_index", TestContext.Current.CancellationToken);
        return [.. result.Rows().Select(row => row[1] is string kind
            ? $"{(row[0] is string key ? Convert.ToInt64(key, 16) : "")} {kind}" : "")];
    }

    private static FilmRow Film(int index, string? patient, string? instance, string? pixels, FilmStatus status = FilmStatus.Identified)
    {
        var row = SmallRun.Row(index, status, status == FilmStatus.Identified ? "a" : null, patient, study: $"study of {patient}", pixels: pixels);
        return row with { Facts = row.Facts with { Instance = instance } };
    }

    private static FilmRow Film(int index, string? instance, string? pixels, FilmStatus status = FilmStatus.Identified) =>
        Film(index, "p", instance, pixels, status);

    /// <summary>The table without what counts copies, and without the line of all films.</summary>
    private static string[] Lines(RunDatabase database, Statistic statistic) =>
    [
        .. StatisticTable.Read(database, statistic).Lines
            .Where(line => line.GetValueOrDefault("outcome") as string is not ("copies" or "all") && line.GetValueOrDefault("status") as string != "copies")
            .Select(line => string.Join(" | ", line.Where(cell => cell.Key != "copies" && (statistic != FilmsByYear.Statistic || cell.Key != "films"))
                .Select(cell => FormattableString.Invariant($"{cell.Key} {cell.Value}")))),
    ];
}
