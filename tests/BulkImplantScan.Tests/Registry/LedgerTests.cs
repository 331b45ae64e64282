using BulkImplantScan.Registry;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Registry;

public sealed class LedgerTests
{
    private static readonly FilmRow[] Rows =
    [
        SmallRun.Row(0, FilmStatus.Identified, "a", pixels: "x"),
        SmallRun.Row(1, FilmStatus.Identified, "a", pixels: "x"),
        SmallRun.Row(2, FilmStatus.None),
        SmallRun.Row(3, FilmStatus.Abstained),
        SmallRun.Row(4, FilmStatus.Rejected),
        SmallRun.Row(5, FilmStatus.Failed),
        SmallRun.Row(6, FilmStatus.Failed),
    ];

    [Fact]
    public void A_whole_run_adds_up_and_counts_its_duplicates()
    {
        using var run = new SmallRun(Rows);
        var ledger = Ledger.Check(run.FullPath);
        Assert.Empty(ledger.Problems);
        Assert.True(ledger.Ok);
        Assert.Equal((7, 7, 2, 1, 1, 1, 2, 1, 0), (ledger.Films, ledger.Rows, ledger.Identified, ledger.None, ledger.Abstained,
            ledger.Rejected, ledger.Failed, ledger.Duplicates, ledger.Missing));
    }

    [Fact]
    public void A_missing_part_is_a_count_of_missing_films()
    {
        using var run = new SmallRun(Rows);
        File.Delete(run.Folder.PartPath(1));
        var ledger = Ledger.Check(run.FullPath);
        Assert.False(ledger.Ok);
        Assert.Equal((4, 3), (ledger.Rows, ledger.Missing));
        Assert.Contains("3 of 7 films have no row", Assert.Single(ledger.Problems));
    }

    [Fact]
    public void A_run_that_was_only_indexed_has_no_rows_and_is_not_ok()
    {
        using var run = new SmallRun(Rows);
        Directory.Delete(run.Folder.PartsPath, recursive: true);
        var ledger = Ledger.Check(run.FullPath);
        Assert.False(ledger.Ok);
        Assert.Equal((0, 7), (ledger.Rows, ledger.Missing));
    }

    [Fact]
    public void Parts_of_a_version_that_knew_fewer_columns_are_read_beside_newer_ones()
    {
        using var run = new SmallRun(Rows);
        var part = RunDatabase.Quote(run.Folder.PartPath(1));
        var older = run.Folder.PartPath(1) + ".older";
        using (var database = RunDatabase.Open(run.Folder, new(), locked: false, skipUnreadable: false))
            database.Execute($"COPY (SELECT * EXCLUDE (notes, field_top, field_left, field_height, field_width) FROM read_parquet({part})) TO {RunDatabase.Quote(older)} (FORMAT parquet)");
        File.Move(older, run.Folder.PartPath(1), overwrite: true);
        Assert.True(Ledger.Check(run.FullPath).Ok);
        using var opened = RunDatabase.Open(run.FullPath);
        using var answer = opened.Query("SELECT count(*), count(notes) FROM films");
        Assert.Equal([7L, 4L], answer.Rows().Single().Select(cell => Convert.ToInt64(cell, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void An_empty_archive_adds_up()
    {
        using var run = new SmallRun([]);
        Assert.True(Ledger.Check(run.FullPath).Ok);
    }

    [Fact]
    public void A_key_with_two_rows_is_found()
    {
        using var run = new SmallRun(Rows);
        PartFile.Write(run.Folder.PartPath(9), [Rows[2]]);
        Assert.Contains(Ledger.Check(run.FullPath).Problems, problem => problem.StartsWith("1 keys have more than one row", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pelvis_is_one_film_of_two_rows_and_counts_by_the_hip_that_says_most()
    {
        using var run = new SmallRun(
            [
                .. Pelvis(0, SmallRun.Row(0, FilmStatus.None), SmallRun.Row(0, FilmStatus.Identified, "a")),
                .. Pelvis(1, SmallRun.Row(1, FilmStatus.Abstained), SmallRun.Row(1, FilmStatus.None)),
                .. Pelvis(2, SmallRun.Row(2, FilmStatus.None), SmallRun.Row(2, FilmStatus.None)),
                SmallRun.Row(3, FilmStatus.Failed),
            ]);
        var ledger = Ledger.Check(run.FullPath);
        Assert.True(ledger.Ok, string.Join(' ', ledger.Problems));
        Assert.Equal((4, 7, 0), (ledger.Films, ledger.Rows, ledger.Duplicates));
        Assert.Equal((1, 1, 1, 0, 1), (ledger.Identified, ledger.None, ledger.Abstained, ledger.Rejected, ledger.Failed));
    }

    [Fact]
    public void A_pelvis_that_lacks_a_hip_is_found()
    {
        using var run = new SmallRun([SmallRun.Row(0, FilmStatus.None) with { Region = "left" }, SmallRun.Row(1, FilmStatus.None)]);
        Assert.StartsWith("1 films have rows that are neither", Assert.Single(Ledger.Check(run.FullPath).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_of_a_pelvis_is_one_copy_also_where_its_pixels_are_gone()
    {
        FilmRow Hip(int index, string region) => SmallRun.Row(index, FilmStatus.Identified, "a", instance: "i", pixels: "x") with { Region = region };
        using var run = new SmallRun(
            [Hip(0, "left"), Hip(0, "right"), Hip(1, "left"), Hip(1, "right"), SmallRun.Row(2, FilmStatus.Failed, instance: "i")], partRows: 5);
        var ledger = Ledger.Check(run.FullPath);
        Assert.True(ledger.Ok, string.Join(' ', ledger.Problems));
        Assert.Equal((3, 5, 2, 2, 1), (ledger.Films, ledger.Rows, ledger.Duplicates, ledger.Identified, ledger.Failed));
        Assert.Equal(2, ledger.Kinds.SameInstance);
    }

    private static FilmRow[] Pelvis(int index, FilmRow left, FilmRow right) =>
        [left with { FilmIndex = index, Region = "left" }, right with { FilmIndex = index, Region = "right" }];

    [Fact]
    public void A_row_whose_key_is_not_in_the_inventory_is_found()
    {
        using var run = new SmallRun(Rows);
        PartFile.Write(run.Folder.PartPath(2), [Rows[6] with { FilmKey = new string('f', 32) }]);
        Assert.Contains("1 rows belong to no film", Assert.Single(Ledger.Check(run.FullPath).Problems));
    }

    [Fact]
    public void A_status_and_a_reason_that_do_not_belong_together_are_found()
    {
        using var run = new SmallRun([Rows[0] with { Reason = Reason.TooLarge }, Rows[5] with { FilmIndex = 1, Reason = Reason.None }]);
        Assert.Contains("2 rows have a reason that does not belong to their status: failed / no reason, identified / too_large.",
            Assert.Single(Ledger.Check(run.FullPath).Problems));
    }

    [Fact]
    public void A_part_that_is_no_parquet_is_a_problem_and_the_others_still_count()
    {
        using var run = new SmallRun(Rows);
        File.WriteAllText(run.Folder.PartPath(1), "no parquet");
        var ledger = Ledger.Check(run.FullPath);
        Assert.Equal(4, ledger.Rows);
        Assert.Contains(ledger.Problems, problem => problem.StartsWith("part-000001.parquet cannot be read", StringComparison.Ordinal));
        Assert.Throws<RunFolderException>(() => RunDatabase.Open(run.FullPath));
    }

    [Fact]
    public void A_part_with_a_damaged_page_is_a_problem_and_no_exception()
    {
        using var run = new SmallRun(Rows);
        var bytes = File.ReadAllBytes(run.Folder.PartPath(1));
        bytes.AsSpan(4, bytes.Length / 4).Fill(0xA5); // pages lie first, the footer last
        File.WriteAllBytes(run.Folder.PartPath(1), bytes);
        var ledger = Ledger.Check(run.FullPath);
        Assert.Equal((4, 3), (ledger.Rows, ledger.Missing));
        Assert.Contains(ledger.Problems, problem => problem.StartsWith("part-000001.parquet cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public void A_status_of_a_newer_version_is_named()
    {
        using var run = new SmallRun(Rows[..1]);
        using (var writer = RunDatabase.Open(run.Folder, new(), locked: false, skipUnreadable: false))
        {
            var part = RunDatabase.Quote(run.Folder.PartPath(0));
            writer.Execute($"CREATE TABLE t AS SELECT * REPLACE ('guessed' AS status, 'mood' AS reason) FROM parts; COPY t TO {part};");
        }

        var problems = Ledger.Check(run.FullPath).Problems;
        Assert.Contains("1 rows have a status that is not in the list: guessed.", problems);
        Assert.Contains("1 rows have a reason that is not in the list: mood.", problems);
    }

    [Fact]
    public void A_folder_without_a_run_is_said_to_be_none()
    {
        using var folder = new Results.TemporaryFolder();
        Assert.Contains("holds no run", Assert.Throws<RunFolderException>(() => Ledger.Check(folder.FullPath)).Message);
    }
}
