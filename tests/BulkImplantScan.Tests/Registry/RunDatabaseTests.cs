using BulkImplantScan.Evaluation;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Registry;

public sealed class RunDatabaseTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("run")]
    [InlineData("it's \"a\" run; DROP TABLE x -- %")]
    [InlineData("year=2020")]
    [InlineData("run [1] *")]
    [InlineData("Hüfte 髋")]
    public void A_run_opens_whatever_its_folder_is_called(string name)
    {
        using var run = new SmallRun([SmallRun.Row(0, FilmStatus.Identified, "a")], name);
        Assert.Equal(1L, Scalar(run, "SELECT count(*) FROM films"));
        Assert.Equal(1L, Scalar(run, "SELECT count(*) FROM inventory"));
        Assert.Equal(56L, Scalar(run, "SELECT count(*) FROM (DESCRIBE films)"));
    }

    [Fact]
    public void Views_of_a_run_without_rows_have_the_same_columns_as_with_rows()
    {
        using var with = new SmallRun([SmallRun.Row(0, FilmStatus.Identified, "a")]);
        using var without = new SmallRun([]);
        foreach (var view in new[] { "films", "inventory", "judged", "implants", "classes" })
            Assert.Equal(Described(with, view), Described(without, view));
        File.Delete(without.Folder.InventoryPath);
        Assert.Equal(Described(with, "inventory"), Described(without, "inventory"));
        Directory.Delete(without.Folder.PartsPath, recursive: true);
        Assert.Equal(0L, Scalar(without, "SELECT count(*) FROM films"));
    }

    [Theory]
    [InlineData("COPY (SELECT 1) TO '{run}/parts/part-000000.parquet'")]
    [InlineData("COPY (SELECT 1) TO '{run}/evil.csv'")]
    [InlineData("SELECT 1; COPY (SELECT 1) TO '{run}/evil.csv'")]
    [InlineData("CREATE TABLE t AS SELECT 1")]
    [InlineData("DROP VIEW films")]
    [InlineData("ATTACH '{run}/evil.db'")]
    [InlineData("SET threads = 1")]
    [InlineData("INSTALL httpfs")]
    [InlineData("EXPORT DATABASE '{run}/evil'")]
    [InlineData("SELECT * FROM read_text('{run}/run.json')")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM 'https://example.invalid/x.parquet'")]
    [InlineData("SELECT * FROM glob('/*')")]
    [InlineData("")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1\0; COPY (SELECT 1) TO '{run}/evil.csv'")]
    public void Sql_that_writes_or_looks_outside_the_run_is_refused(string sql)
    {
        using var run = new SmallRun([SmallRun.Row(0, FilmStatus.Identified, "a")]);
        var before = Files(run);
        using (var database = RunDatabase.Open(run.FullPath))
        {
            Assert.Throws<RunQueryException>(() =>
            {
                using var result = database.Query(sql.Replace("{run}", run.FullPath), Stop);
                return result.Rows().Count();
            });
            using var still = database.Query("SELECT count(*) FROM films", Stop);
            Assert.Equal(1L, still.Rows().Single()[0]);
        }

        Assert.Equal(before, Files(run));
    }

    [Theory]
    [InlineData("SELECT 1 AS x")]
    [InlineData("FROM films")]
    [InlineData("WITH t AS (SELECT 2) SELECT * FROM t;")]
    [InlineData("VALUES (1), (2)")]
    [InlineData("DESCRIBE films")]
    [InlineData("SUMMARIZE judged")]
    [InlineData("SELECT device, count(*) FROM judged GROUP BY ALL ORDER BY ALL -- a comment")]
    public void Questions_are_answered(string sql)
    {
        using var run = new SmallRun([SmallRun.Row(0, FilmStatus.Identified, "a")]);
        using var database = RunDatabase.Open(run.FullPath);
        using var result = database.Query(sql, Stop);
        Assert.NotEmpty(result.Columns);
        Assert.NotEmpty(result.Rows());
    }

    [Fact]
    public void Wrong_sql_is_said_in_one_line()
    {
        using var run = new SmallRun([]);
        using var database = RunDatabase.Open(run.FullPath);
        var message = Assert.Throws<RunQueryException>(() => database.Query("SELECT nonsense FROM films", Stop)).Message;
        Assert.Contains("nonsense", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Cells_are_values_of_dotnet()
    {
        using var run = new SmallRun([SmallRun.Row(0, FilmStatus.Identified, "a") with { Cam = [1, 2, 255], Probabilities = [0.25f, 0.75f] }]);
        using var database = RunDatabase.Open(run.FullPath);
        using var result = database.Query("SELECT film_index, film_key, study_date, cam, probabilities, pixel_hash, cam_empty FROM films", Stop);
        var row = result.Rows().Single();
        Assert.Equal(0L, row[0]);
        Assert.Equal(new string('0', 32), row[1]);
        Assert.Equal(new DateOnly(2020, 3, 4), row[2]);
        Assert.Equal(new byte[] { 1, 2, 255 }, row[3]);
        Assert.Equal([0.25f, 0.75f], Assert.IsType<IEnumerable<float>>(row[4], exactMatch: false));
        Assert.Null(row[5]);
        Assert.Null(row[6]);
    }

    [Fact]
    public void A_cancelled_question_stops()
    {
        using var run = new SmallRun([]);
        using var database = RunDatabase.Open(run.FullPath);
        using var stop = new CancellationTokenSource();
        using var result = database.Query("SELECT * FROM range(1000000000000)", stop.Token);
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in result.Rows()) stop.Cancel();
        });
    }

    [Fact]
    public void Copies_point_at_the_first_film_with_the_same_instance_or_the_same_pixels_and_never_at_a_copy()
    {
        using var run = new SmallRun(
        [
            SmallRun.Row(0, FilmStatus.Identified, "a", instance: "i", pixels: "x"),
            SmallRun.Row(1, FilmStatus.Identified, "a", instance: "i", pixels: "y"), // the same instance, compressed again
            SmallRun.Row(2, FilmStatus.Identified, "a", instance: "k", pixels: "y"), // its pixels under another instance
            SmallRun.Row(3, FilmStatus.Failed, instance: "m"),
            SmallRun.Row(4, FilmStatus.Failed, instance: "n"), // no pixels: no copy of 3
        ]);
        using var database = RunDatabase.Open(run.FullPath);
        using var result = database.Query("SELECT film_index, duplicate_of FROM films ORDER BY film_index", Stop);
        Assert.Equal([null, 0.ToString("x32"), 0.ToString("x32"), null, null], result.Rows().Select(row => (string?)row[1]));
    }

    [Fact]
    public void Implants_are_patient_and_side_and_device()
    {
        using var run = new SmallRun(
        [
            SmallRun.Row(0, FilmStatus.Identified, "a", "p1", side: "L", date: "2019-01-01"),
            SmallRun.Row(1, FilmStatus.Identified, "a", "p1", side: "L", date: "2020-01-01"), // the same implant again
            SmallRun.Row(2, FilmStatus.Identified, "a", "p1", side: "R", date: "2020-01-01"),
            SmallRun.Row(3, FilmStatus.Identified, "a", "p1", side: "B", date: "2020-01-01"), // one of these two
            SmallRun.Row(4, FilmStatus.Identified, "b", "p1", side: null), // side never known: one implant
            SmallRun.Row(5, FilmStatus.Identified, "b", "p1", side: "B"), // still that one
            SmallRun.Row(6, FilmStatus.Identified, "a", null, side: "L"), // nobody's
            SmallRun.Row(7, FilmStatus.Abstained, "a", "p2"),
        ]);
        using var database = RunDatabase.Open(run.FullPath);
        using var result = database.Query("SELECT patient, side, device, films, studies, first_seen, last_seen FROM implants ORDER BY device, side", Stop);
        Assert.Equal(
        [
            ["p1", "L", "Acme Nail", 2L, 2L, new DateOnly(2019, 1, 1), new DateOnly(2020, 1, 1)],
            ["p1", "R", "Acme Nail", 1L, 1L, new DateOnly(2020, 1, 1), new DateOnly(2020, 1, 1)],
            ["p1", null, "Beta Screw", 2L, 1L, new DateOnly(2020, 3, 4), new DateOnly(2020, 3, 4)],
        ], result.Rows());
    }

    [Fact]
    public void The_intervals_of_sql_are_those_of_the_library()
    {
        using var run = new SmallRun([]);
        using var database = RunDatabase.Open(run.FullPath);
        using var result = database.Query("""
            SELECT k, n, wilson_low(k, n), wilson_high(k, n)
            FROM range(0, 40) a(k), (VALUES (0), (1), (7), (39), (343), (1000000)) b(n) WHERE k <= n
            """, Stop);
        foreach (var row in result.Rows())
        {
            var expected = Wilson.Of(Convert.ToInt64(row[0]), Convert.ToInt64(row[1]));
            Assert.Equal(expected.Low, (double)row[2]!, 1e-14); // the same formula in another order of operations
            Assert.Equal(expected.High, (double)row[3]!, 1e-14);
        }
    }

    private static object? Scalar(SmallRun run, string sql)
    {
        using var database = RunDatabase.Open(run.FullPath);
        using var result = database.Query(sql, Stop);
        return result.Rows().Single()[0];
    }

    private static string[] Described(SmallRun run, string view)
    {
        using var database = RunDatabase.Open(run.FullPath);
        using var result = database.Query($"DESCRIBE {view}", Stop);
        return [.. result.Rows().Select(row => $"{row[0]} {row[1]}")];
    }

    private static string[] Files(SmallRun run) =>
    [
        .. Directory.GetFiles(run.FullPath, "*", SearchOption.AllDirectories).Order().Select(file => file + new FileInfo(file).Length),
    ];
}
