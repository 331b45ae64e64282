using System.Text.RegularExpressions;
using BulkImplantScan.Imaging;
using BulkImplantScan.Registry;
using BulkImplantScan.Reporting;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Registry;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Reporting;

public sealed partial class ReportTests
{
    private static readonly FilmRow[] Rows =
    [
        SmallRun.Row(0, FilmStatus.Identified, "a", "p1", date: "2019-05-01"),
        SmallRun.Row(1, FilmStatus.Identified, "b", "p1", date: "2020-05-01"),
        SmallRun.Row(2, FilmStatus.None, "none", "p2"),
        SmallRun.Row(3, FilmStatus.Abstained, "unknown", "p3", reason: Reason.UnknownHardware),
        SmallRun.Row(4, FilmStatus.Rejected, patient: null),
        SmallRun.Row(5, FilmStatus.Failed, patient: "p4"),
    ];

    private static readonly string[] Tables =
    [
        "answers_before_market", "candidate_revisions", "confidence", "films_by_year", "implants_by_device", "implants_by_device_and_year",
        "implants_by_patient_group", "outcomes_by_reason", "outcomes_by_source",
    ];

    [Fact]
    public void A_report_is_a_page_and_each_table_as_csv_and_parquet_and_each_chart_as_png()
    {
        using var run = new SmallRun(Rows);
        var files = Report.Write(run.FullPath);
        Assert.Equal(run.Folder.ReportPath, files.Folder);
        var expected = Tables.SelectMany(name => new[] { $"csv/{name}.csv", $"parquet/{name}.parquet" })
            .Concat(["png/confidence.png", "png/devices_by_year.png", "png/films_by_year.png", "report.html"]).Order();
        Assert.Equal(expected, Directory.GetFiles(files.Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(files.Folder, file).Replace('\\', '/')).Order());
        Assert.Equal(Tables.Length * 2, files.Tables.Count);
        Assert.Equal(3, files.Charts.Count);
        Assert.All(files.Charts, chart => Assert.True(new FileInfo(chart).Length > 5000));
    }

    [Fact]
    public void Csv_and_parquet_hold_the_same()
    {
        using var run = new SmallRun(Rows);
        var files = Report.Write(run.FullPath);
        using var database = RunDatabase.Open(run.Folder, new(), locked: false, skipUnreadable: false);
        foreach (var name in Tables)
        {
            var (csv, parquet) = (Path.Combine(files.Folder, "csv", name + ".csv"), Path.Combine(files.Folder, "parquet", name + ".parquet"));
            using var different = database.Ask($"""
                WITH c AS (SELECT COLUMNS(*)::VARCHAR FROM read_csv({RunDatabase.Quote(csv)}, all_varchar = true)),
                    p AS (SELECT COLUMNS(*)::VARCHAR FROM read_parquet({RunDatabase.Quote(parquet)}))
                SELECT count(*) FROM ((FROM c EXCEPT FROM p) UNION ALL (FROM p EXCEPT FROM c))
                """, TestContext.Current.CancellationToken);
            Assert.Equal(0L, different.Rows().Single()[0]);
        }
    }

    [Fact]
    public void The_page_adds_up_and_says_so_when_it_does_not()
    {
        using var run = new SmallRun(Rows);
        var page = File.ReadAllText(Report.Write(run.FullPath).Html);
        Assert.Contains("6 films in = 2 identified + 1 none + 1 abstained + 1 rejected + 1 failed", Text(page));
        Assert.DoesNotContain("does not add up", page);

        File.Delete(run.Folder.PartPath(1));
        page = File.ReadAllText(Report.Write(run.FullPath).Html);
        Assert.Contains("6 films in = 2 identified + 1 none + 0 abstained + 0 rejected + 0 failed + 3 not scanned", Text(page));
        Assert.Contains("The ledger does not add up", page);
    }

    [Fact]
    public void Answers_from_before_a_device_was_sold_have_a_table_where_the_catalogue_has_years()
    {
        const string Title = "Answers that the calendar contradicts";
        using var silent = new SmallRun(Rows);
        Assert.DoesNotContain(Title, File.ReadAllText(Report.Write(silent.FullPath).Html));
        using var run = new SmallRun(Rows, model: SmallRun.Model with { Classes = [.. SmallRun.Model.Classes.Select(c => c.Kind == "device" ? c with { MarketedFrom = 2020 } : c)] });
        var page = Text(File.ReadAllText(Report.Write(run.FullPath).Html));
        Assert.Contains(Title, page);
        Assert.Contains("Acme Nail 2020 1 1 1 2019-05-01 1 100.0", page);
    }

    [Fact]
    public void The_page_loads_nothing_and_runs_nothing()
    {
        using var run = new SmallRun(Rows);
        var page = File.ReadAllText(Report.Write(run.FullPath).Html);
        Assert.Contains("default-src 'none'", page);
        foreach (var outside in new[] { "http://", "https://", "<script", "<link", "@import", "url(", " src=\"/", "javascript:" })
            Assert.DoesNotContain(outside, page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Hostile_text_stays_text()
    {
        const string attack = "\"><script>alert('x')</script>\r\n&\0\u202Eevil";
        var facts = new FilmFacts { Site = attack, MachineMaker = attack, MachineModel = "a,\"b\"\n", AgeBand = attack, Sex = attack };
        var model = new RunModel(attack, attack, [new(attack, "device", attack, attack), new("b", "device", null, null)]);
        using var run = new SmallRun(
        [
            SmallRun.Row(0, FilmStatus.Identified, patient: attack, facts: facts) with { Manufacturer = attack, Model = "' OR 1=1 --", TopClass = attack, ConformalSet = [attack] },
            SmallRun.Row(1, FilmStatus.Identified, "b", patient: attack, facts: facts, date: "2021-01-01") with { TopClass = attack },
            SmallRun.Row(2, FilmStatus.Abstained, patient: attack, facts: facts) with { TopClass = attack, Detail = attack },
        ], model: model);
        Directory.CreateDirectory(run.Folder.OverlaysPath);
        for (var i = 0; i < 3; i++)
            File.WriteAllBytes(run.Folder.OverlayPath(i.ToString("x32")), PngWriter.Grey([1, 2, 3, 4], 2, 2));

        var files = Report.Write(run.FullPath, options: new() { Title = attack, Note = attack });
        var page = File.ReadAllText(files.Html);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\0', page);
        Assert.DoesNotContain('\u202E', page);
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotContain("class=\"\">", page);

        // A line break and a quote in a cell are still one cell of CSV.
        using var database = RunDatabase.Open(run.Folder, new(), locked: false, skipUnreadable: false);
        var csv = RunDatabase.Quote(Path.Combine(files.Folder, "csv", "outcomes_by_source.csv"));
        using var back = database.Ask($"SELECT machine_model, films FROM read_csv({csv}, quote = '\"', header = true)", TestContext.Current.CancellationToken);
        Assert.Equal(["a,\"b\"\n", 3L], back.Rows().Single());
    }

    [Fact]
    public void The_same_run_gives_the_same_bytes()
    {
        using var run = new SmallRun(Rows);
        using var other = new TemporaryFolder();
        var first = Report.Write(run.FullPath, options: new() { Database = new() { Threads = 1 } });
        var second = Report.Write(run.FullPath, other["out"], new() { Database = new() { Threads = 4 } });
        foreach (var file in Directory.GetFiles(first.Folder, "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(second.Folder, Path.GetRelativePath(first.Folder, file))));
    }

    [Fact]
    public void An_empty_run_has_a_report()
    {
        using var run = new SmallRun([], model: new("m", "0", []));
        var files = Report.Write(run.FullPath);
        Assert.Contains("0 films in = 0 identified + 0 none", Text(File.ReadAllText(files.Html)));
        Assert.Empty(files.Charts);
        Assert.Empty(files.Summary.Devices);
    }

    [Fact]
    public void A_run_of_failures_only_has_a_report_that_shows_their_reasons()
    {
        using var run = new SmallRun([.. Enumerable.Range(0, 7).Select(i => SmallRun.Row(i, FilmStatus.Failed, patient: $"p{i}", reason: Reason.UnsupportedTransferSyntax))]);
        var files = Report.Write(run.FullPath);
        var text = Text(File.ReadAllText(files.Html));
        Assert.Contains("7 failed", text);
        Assert.Contains("unsupported transfer syntax 7 100.0", text);
        Assert.Equal(["Acme Nail", "Beta Screw"], files.Summary.Devices.Select(line => line.Device));
        Assert.All(files.Summary.Devices, line => Assert.Null(line.PatientShare));
    }

    [Fact]
    public void Overlays_are_a_bounded_sample_over_devices_and_outcomes_and_only_png_files()
    {
        using var run = new SmallRun([.. Enumerable.Range(0, 40).Select(i =>
            SmallRun.Row(i, i == 39 ? FilmStatus.Abstained : FilmStatus.Identified, i == 38 ? "b" : "a", $"p{i}"))], partRows: 100);
        Directory.CreateDirectory(run.Folder.OverlaysPath);
        for (var i = 0; i < 40; i++)
            File.WriteAllBytes(run.Folder.OverlayPath(i.ToString("x32")), PngWriter.Grey([1, 2, 3, 4], 2, 2));
        File.WriteAllText(run.Folder.OverlayPath(0.ToString("x32")), "<html>no picture</html>");
        File.WriteAllText(run.Folder.OverlayPath("it's no key"), "x");

        var page = File.ReadAllText(Report.Write(run.FullPath, options: new() { Overlays = 5 }).Html);
        var captions = Caption().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(["Acme Nail", "Acme Nail", "Acme Nail", "Beta Screw", "abstained"], captions);
        Assert.DoesNotContain(0.ToString("x32"), page); // keys are shortened
    }

    [Fact]
    public void An_output_that_is_a_file_is_refused_and_left_alone()
    {
        using var run = new SmallRun(Rows);
        using var other = new TemporaryFolder();
        File.WriteAllText(other["out"], "mine");
        Assert.Contains("is a file", Assert.Throws<RunFolderException>(() => Report.Write(run.FullPath, other["out"])).Message);
        Assert.Equal("mine", File.ReadAllText(other["out"]));
    }

    [Fact]
    public void A_table_that_cannot_be_written_is_said_with_its_path()
    {
        using var run = new SmallRun(Rows);
        using var other = new TemporaryFolder();
        Directory.CreateDirectory(other["out", "csv", "implants_by_device.csv.new"]); // where the table would be written
        var message = Assert.Throws<RunFolderException>(() => Report.Write(run.FullPath, other["out"])).Message;
        Assert.Contains("implants_by_device.csv cannot be written", message);
    }

    [Theory]
    [InlineData(0.5, "50.0")]
    [InlineData(1.0, "100.0")]
    [InlineData(0.0, "0.0")]
    [InlineData(0.9999, "&gt; 99.9")]
    [InlineData(0.0001, "&lt; 0.1")]
    public void Nearly_all_is_never_printed_as_all(double share, string expected) =>
        Assert.Equal(expected + "&#8239;%", HtmlText.Percent(share));

    [Fact]
    public void Ticks_are_round_and_few()
    {
        for (var highest = 1L; highest < 50_000_000; highest += 1 + highest / 7)
        {
            var chart = new StackedColumns("f", "t", "a", ["c"], [new("s", "none", [highest])]);
            Assert.InRange(highest / chart.TickDistance, 1, 8);
            Assert.Contains(chart.TickDistance.ToString()[0], "125");
        }
    }

    /// <summary>The words of a page, as a reader sees them.</summary>
    private static string Text(string page) => Blanks().Replace(Markup().Replace(page, " "), " ");

    [GeneratedRegex("<style>.*?</style>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("<figcaption><b>(.*?)</b>")]
    private static partial Regex Caption();
}
