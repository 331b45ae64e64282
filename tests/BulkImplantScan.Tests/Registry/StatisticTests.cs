using BulkImplantScan.Evaluation;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Registry;

/// <summary>Each statistic over a run small enough to count by hand.</summary>
public sealed class StatisticTests
{
    /// <summary>p1: a on both sides, then b on the left. p2: a, then nothing. p3: b misread as a in between. The rest judged nothing.</summary>
    private static readonly FilmRow[] Rows =
    [
        SmallRun.Row(0, FilmStatus.Identified, "a", "p1", side: "L", date: "2019-05-01", probability: 0.99f),
        SmallRun.Row(1, FilmStatus.Identified, "a", "p1", side: "R", date: "2019-05-01", probability: 0.98f),
        SmallRun.Row(2, FilmStatus.Identified, "b", "p1", side: "L", date: "2020-05-01", probability: 0.90f),
        SmallRun.Row(3, FilmStatus.Identified, "a", "p2", side: "R", date: "2019-01-01", pixels: "x"),
        SmallRun.Row(4, FilmStatus.Identified, "a", "p2", side: "R", date: "2019-01-01", pixels: "x"), // a copy of 3
        SmallRun.Row(5, FilmStatus.None, "none", "p2", side: "R", date: "2020-01-01"),
        SmallRun.Row(6, FilmStatus.Identified, "b", "p3", side: "L", date: "2018-01-01"),
        SmallRun.Row(7, FilmStatus.Identified, "a", "p3", side: "L", date: "2018-02-01", probability: 0.61f),
        SmallRun.Row(8, FilmStatus.Identified, "b", "p3", side: "L", date: "2018-03-01"),
        SmallRun.Row(9, FilmStatus.Abstained, "a", "p4", date: null, probability: 0.5f),
        SmallRun.Row(10, FilmStatus.Abstained, "unknown", "p4", reason: Reason.UnknownHardware, probability: 1f),
        SmallRun.Row(11, FilmStatus.Rejected, patient: null, study: "x", date: null),
        SmallRun.Row(12, FilmStatus.Failed, patient: "p5"),
        SmallRun.Row(13, FilmStatus.Failed, patient: "p5", reason: Reason.TooLarge),
    ];

    [Fact]
    public void Devices_and_the_other_outcomes_count_every_film_once()
    {
        // a: films 0 1 3 7, patients p1 p2 p3, implants p1L p1R p2R p3L; b: films 2 6 8, p1 p3, p1L p3L; 3 patients have a device
        AssertLines(ImplantsByDevice.Statistic, ["outcome", "device", "films", "studies", "patients", "implants", "patient_share"],
            ["identified", "Acme Nail", 4L, 3L, 3L, 4L, 1.0],
            ["identified", "Beta Screw", 3L, 3L, 2L, 2L, 2 / 3.0],
            ["none", null, 1L, 1L, 1L, null, null],
            ["abstained", null, 2L, 2L, 1L, null, null],
            ["rejected", null, 1L, 1L, 0L, null, null],
            ["failed", null, 2L, 1L, 1L, null, null],
            ["copies", null, 1L, 1L, 1L, null, null],
            ["all", null, 14L, 11L, 5L, 6L, null]);
    }

    [Fact]
    public void The_interval_of_a_device_is_of_patients()
    {
        using var run = new SmallRun(Rows);
        var summary = RunSummary.Of(run.FullPath);
        Assert.Equal((14, 11, 5, 6), (summary.Films, summary.Studies, summary.Patients, summary.Implants));
        Assert.Equal(["Acme Nail", "Beta Screw"], summary.Devices.Select(line => line.Device));
        Assert.Equal(Wilson.Of(2, 3), summary.Devices[1].Interval);
        Assert.True(summary.Ledger.Ok);
    }

    [Fact]
    public void Years_are_of_the_study_and_first_seen_of_the_implant()
    {
        AssertLines(ImplantsByDeviceAndYear.Statistic,
            ["device", "year", "films", "patients", "implants_first_seen", "denominator"],
            ["Acme Nail", 2018, 1L, 1L, 1L, 1L],
            ["Acme Nail", 2019, 3L, 2L, 3L, 2L],
            ["Beta Screw", 2018, 2L, 1L, 1L, 1L],
            ["Beta Screw", 2020, 1L, 1L, 1L, 1L]);
    }

    [Fact]
    public void A_year_shows_all_its_outcomes_and_films_without_a_date_come_last()
    {
        AssertLines(FilmsByYear.Statistic,
            ["year", "films", "patients", "identified", "none", "abstained", "rejected", "failed", "copies"],
            [2018, 3L, 1L, 3L, 0L, 0L, 0L, 0L, 0L],
            [2019, 4L, 2L, 3L, 0L, 0L, 0L, 0L, 1L],
            [2020, 5L, 4L, 1L, 1L, 1L, 0L, 2L, 0L],
            [null, 2L, 1L, 0L, 0L, 1L, 1L, 0L, 0L]);
    }

    [Fact]
    public void Reasons_stand_in_the_order_of_the_ledger_and_copies_behind_them()
    {
        AssertLines(OutcomesByReason.Statistic, ["status", "reason", "films", "share"],
            ["identified", null, 7L, 7 / 13.0],
            ["none", null, 1L, 1 / 13.0],
            ["abstained", "low_confidence", 1L, 1 / 13.0],
            ["abstained", "unknown_hardware", 1L, 1 / 13.0],
            ["rejected", "not_dicom", 1L, 1 / 13.0],
            ["failed", "too_large", 1L, 1 / 13.0],
            ["failed", "truncated_pixel_data", 1L, 1 / 13.0],
            ["copies", "same_pixels", 1L, null]);
    }

    [Fact]
    public void Sources_show_how_many_films_stay_undecided()
    {
        AssertLines(OutcomesBySource.Statistic,
            ["site", "machine_maker", "machine_model", "films", "patients", "judged", "abstained", "undecided"],
            ["s1", "Maker", "M1", 13L, 5L, 10L, 2L, 2 / 10.0]);
    }

    [Fact]
    public void Changes_on_one_side_are_candidates_and_a_device_that_returns_is_marked()
    {
        AssertLines(CandidateRevisions.Statistic,
            ["kind", "patient", "side", "from_device", "to_device", "last_seen", "first_seen", "days_between", "seen_again"],
            ["change", "p1", "L", "Acme Nail", "Beta Screw", new DateOnly(2019, 5, 1), new DateOnly(2020, 5, 1), 366L, false],
            ["change", "p3", "L", "Acme Nail", "Beta Screw", new DateOnly(2018, 2, 1), new DateOnly(2018, 3, 1), 28L, false],
            ["change", "p3", "L", "Beta Screw", "Acme Nail", new DateOnly(2018, 1, 1), new DateOnly(2018, 2, 1), 31L, true],
            ["removal", "p2", "R", "Acme Nail", null, new DateOnly(2019, 1, 1), new DateOnly(2020, 1, 1), 365L, false]);
    }

    [Fact]
    public void A_device_on_films_from_before_it_was_sold_is_counted_and_one_without_a_year_is_not_listed()
    {
        using var run = new SmallRun(Rows, model: SmallRun.Model with { Classes = [SmallRun.Model.Classes[0] with { MarketedFrom = 2019 }, .. SmallRun.Model.Classes.Skip(1)] });
        using var database = RunDatabase.Open(run.FullPath);
        var line = Assert.Single(StatisticTable.Read(database, AnswersBeforeMarket.Statistic).Lines);
        string[] columns = ["device", "marketed_from", "films_before", "studies_before", "patients_before", "earliest", "films_dated", "share"];
        Assert.Equal(["Acme Nail", 2019, 1L, 1L, 1L, new DateOnly(2018, 2, 1), 4L, 0.25], columns.Select(column => line[column])); // film 7 of 0, 1, 3, 7
        Assert.Equal(Wilson.Of(1, 4).Low, (double)line["share_low"]!, 1e-12);
    }

    [Fact]
    public void Two_devices_on_one_day_are_a_conflict()
    {
        using var run = new SmallRun(
        [
            SmallRun.Row(0, FilmStatus.Identified, "a", "p1", date: "2019-05-01"),
            SmallRun.Row(1, FilmStatus.Identified, "b", "p1", date: "2019-05-01"),
        ]);
        using var database = RunDatabase.Open(run.FullPath);
        var line = Assert.Single(StatisticTable.Read(database, CandidateRevisions.Statistic).Lines);
        Assert.Equal(["conflict", "Acme Nail", "Beta Screw"], new[] { line["kind"], line["from_device"], line["to_device"] });
    }

    [Fact]
    public void Confidence_falls_into_twenty_bins_and_nan_into_none()
    {
        using var run = new SmallRun([.. Rows, SmallRun.Row(14, FilmStatus.Abstained, "a", probability: float.NaN)]);
        using var database = RunDatabase.Open(run.FullPath);
        var lines = StatisticTable.Read(database, ConfidenceHistogram.Statistic).Lines;
        Assert.Equal(20, lines.Count);
        Assert.Equal((0L, 0L, 1L), Bin(lines[10])); // 0.5 of film 9
        Assert.Equal((1L, 0L, 0L), Bin(lines[12])); // 0.61 of film 7
        Assert.Equal((5L, 1L, 1L), Bin([.. lines.Skip(18)])); // films 0 1 3 6 8, 5, 10 (at 1); film 4 is a copy, and 0.90f of film 2 lies below 0.9
        Assert.Equal(10L, lines.Sum(line => Bin(line).Identified + Bin(line).None + Bin(line).Abstained));
    }

    [Theory]
    [InlineData(5, "80-89 F -, 80-89 M 6, 90+ F -")] // 90+ F has 2, and 80-89 F is hidden with it: 11 less 6 would give it away
    [InlineData(0, "80-89 F 5, 80-89 M 6, 90+ F 2")]
    [InlineData(6, "80-89 F -, 80-89 M 6, 90+ F -")]
    [InlineData(7, "80-89 F -, 80-89 M -, 90+ F -")]
    public void Small_cells_are_suppressed_and_cannot_be_worked_out(int minimumCell, string expected)
    {
        var index = 0;
        var rows = new List<FilmRow>();
        foreach (var (band, sex, patients) in new[] { ("80-89", "F", 5), ("80-89", "M", 6), ("90+", "F", 2) })
            for (var p = 0; p < patients; p++)
                rows.Add(SmallRun.Row(index, FilmStatus.Identified, "a", $"p{index++}", facts: new() { AgeBand = band, Sex = sex }));

        using var run = new SmallRun(rows, partRows: 100);
        using var database = RunDatabase.Open(run.FullPath);
        var lines = StatisticTable.Read(database, ImplantsByPatientGroup.Statistic(minimumCell)).Lines;
        Assert.Equal(expected, string.Join(", ", lines.Select(line => $"{line["age_band"]} {line["sex"]} {line["patients"] ?? "-"}")));
        Assert.All(lines, line => Assert.Equal(line["patients"] is null, line["suppressed"]));
        Assert.All(lines, line => Assert.Equal(line["patients"], line["implants"]));
    }

    [Fact]
    public void Every_statistic_of_a_run_without_rows_is_empty_and_no_error()
    {
        using var run = new SmallRun([], model: new("none", new string('0', 64), []));
        using var database = RunDatabase.Open(run.FullPath);
        foreach (var statistic in new[]
        {
            ImplantsByDeviceAndYear.Statistic, FilmsByYear.Statistic, OutcomesByReason.Statistic, OutcomesBySource.Statistic,
            CandidateRevisions.Statistic, ImplantsByPatientGroup.Statistic(), AnswersBeforeMarket.Statistic,
        })
            Assert.Empty(StatisticTable.Read(database, statistic).Lines);
        Assert.Equal("all", Assert.Single(StatisticTable.Read(database, ImplantsByDevice.Statistic).Lines)["outcome"]);
        Assert.Equal(20, StatisticTable.Read(database, ConfidenceHistogram.Statistic).Lines.Count);
        Assert.Empty(RunSummary.Of(run.FullPath).Devices);
    }

    [Fact]
    public void Each_column_of_each_view_and_table_is_explained_to_users()
    {
        var page = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "statistics.md"));
        using var run = new SmallRun(Rows);
        using var database = RunDatabase.Open(run.FullPath);
        (string, string)[] columns =
        [
            ("judged", "FROM judged"), ("implants", "FROM implants"), ("classes", "FROM classes"),
            .. All.Select(statistic => (statistic.Name, statistic.Sql)),
        ];
        foreach (var (name, sql) in columns)
        {
            var section = page[page.IndexOf($"**`{name}`**", StringComparison.Ordinal)..];
            section = section[..section.IndexOf("\n\n", StringComparison.Ordinal)];
            using var result = database.Ask(sql, TestContext.Current.CancellationToken);
            Assert.All(result.Columns, column => Assert.Contains($"`{column}`", section));
        }
    }

    private static readonly Statistic[] All =
    [
        ImplantsByDevice.Statistic, ImplantsByDeviceAndYear.Statistic, FilmsByYear.Statistic, OutcomesByReason.Statistic,
        OutcomesBySource.Statistic, ConfidenceHistogram.Statistic, ImplantsByPatientGroup.Statistic(), AnswersBeforeMarket.Statistic, CandidateRevisions.Statistic,
    ];

    private static (long Identified, long None, long Abstained) Bin(params IReadOnlyDictionary<string, object?>[] lines) =>
        (lines.Sum(line => (long)line["identified"]!), lines.Sum(line => (long)line["none"]!), lines.Sum(line => (long)line["abstained"]!));

    private static void AssertLines(Statistic statistic, string[] columns, params object?[][] expected)
    {
        using var run = new SmallRun(Rows);
        using var database = RunDatabase.Open(run.FullPath);
        Assert.Equal(expected, StatisticTable.Read(database, statistic).Lines.Select(line => columns.Select(c => line[c]).ToArray()));
    }
}
