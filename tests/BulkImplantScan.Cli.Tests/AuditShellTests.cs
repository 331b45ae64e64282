using System.Text.Json;
using BulkImplantScan.Auditing;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Phantoms.Auditing;
using BulkImplantScan.Phantoms.Writing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli.Tests;

public sealed class AuditShellTests(Workplace workplace) : IClassFixture<Workplace>
{
    [Fact]
    public async Task A_model_that_knows_nothing_is_red_and_every_test_has_a_state_or_a_reason()
    {
        var scan = await Shell.RunAsync(workplace.Scan("audited"));
        Assert.True(scan.Code == 0, scan.Error);
        var ended = await Shell.RunAsync(
            "audit", "--model", workplace.At("model"), "--out", workplace.At("audit"), "--pairs", "14", "--long-side", "128", "--factors", "look,MarkerRemoved",
            "--run", workplace.At("audited"), "--truth", workplace.At("phantoms", "labels.csv"), "--json");
        Assert.True(ended.Code == 1, ended.Error);
        Assert.Equal("RED", JsonDocument.Parse(ended.Out).RootElement.GetProperty("state").GetString());
        var tests = JsonDocument.Parse(await File.ReadAllBytesAsync(workplace.At("audit", "audit.json"))).RootElement.GetProperty("tests").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(1, 13), tests.Select(test => test.GetProperty("number").GetInt32()));
        Assert.All(tests.Where(test => test.GetProperty("state").GetString() == "not_run"), test => Assert.NotEmpty(test.GetProperty("not_run").GetString()!));
        Assert.Equal(["look of another machine", "marker removed"], tests[0].GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("of").GetString()!).Order(StringComparer.Ordinal));
        foreach (var name in (string[])["audit.html", "audit.md", "audit.json"])
        {
            var text = await File.ReadAllTextAsync(workplace.At("audit", name));
            Assert.Contains("not a medical device", text, StringComparison.Ordinal);
            Assert.Contains("nothing is claimed about real ones", text, StringComparison.Ordinal);
            foreach (var secret in (string[])["PHANTOM-0", "IM0001", workplace.Folder]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tests_that_nobody_asked_for_are_not_run_and_the_heading_says_so()
    {
        var scan = await Shell.RunAsync(workplace.Scan("asked"));
        Assert.True(scan.Code == 0, scan.Error);
        var ended = await Shell.RunAsync(
            "audit", "--model", workplace.At("model"), "--out", workplace.At("asked-audit"), "--pairs", "14", "--long-side", "128", "--tests", "6, 1", "--factors", "Mirrored",
            "--run", workplace.At("asked"), "--truth", workplace.At("phantoms", "labels.csv"));
        Assert.Contains("(asked for: 1, 6)", ended.Error, StringComparison.Ordinal);
        var tests = JsonDocument.Parse(await File.ReadAllBytesAsync(workplace.At("asked-audit", "audit.json"))).RootElement.GetProperty("tests").EnumerateArray().ToArray();
        Assert.Equal(13, tests.Length);
        foreach (var test in tests)
        {
            var isAsked = test.GetProperty("number").GetInt32() is 1 or 6;
            Assert.Equal(isAsked, test.GetProperty("lines").GetArrayLength() > 0);
            Assert.Equal(!isAsked && test.GetProperty("number").GetInt32() != 10, test.GetProperty("not_run").GetString() == AuditTest.NotAsked);
        }

        Assert.Contains("(asked for: 1, 6)", (await File.ReadAllLinesAsync(workplace.At("asked-audit", "audit.md")))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Films_of_an_audit_are_judged_as_a_scan_judges_them()
    {
        var scan = await Shell.RunAsync(workplace.Scan("scanned"));
        Assert.True(scan.Code == 0, scan.Error);
        using var judge = new NetworkJudge(ModelPackage.Load(workplace.At("model")), threads: 2, CancellationToken.None);
        var plans = PhantomArchive.Plans(new() { Count = Workplace.Films - 4, OutFolder = "", Seed = 11, LongSidePixels = 256 });
        var judged = judge.Judge([.. plans.Select(film => new AuditFilm(film.Plan))]);

        // Rows have no names of files: the answers are the same, in whatever order.
        var rows = workplace.Rows("scanned").Where(row => row.Status is FilmStatus.Identified or FilmStatus.None or FilmStatus.Abstained).ToArray();
        Assert.Equal(Workplace.Films - 4, rows.Length);
        Assert.Equal(
            rows.Select(row => Text(row.Probabilities)).Order(StringComparer.Ordinal),
            judged.Select(answer => Text(answer.Probabilities.Select(p => (float)p))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Hips_of_pelves_are_judged_as_a_scan_judges_them()
    {
        var (films, run) = (workplace.At("pelves"), workplace.At("pelves-run"));
        PhantomArchive.Write(new() { Count = 12, OutFolder = films, Seed = 19, LongSidePixels = 400, View = ViewChoice.Pelvis, UnknownShare = 0 }, null, CancellationToken.None);
        var scan = await Shell.RunAsync(["scan", films, "--run", run, "--model", workplace.At("model"), "--explain", "None"]);
        Assert.True(scan.Code == 0, scan.Error);
        using var judge = new NetworkJudge(ModelPackage.Load(workplace.At("model")), threads: 2, CancellationToken.None);
        var plans = PhantomArchive.Plans(new() { Count = 12, OutFolder = "", Seed = 19, LongSidePixels = 400, View = ViewChoice.Pelvis, UnknownShare = 0 });
        var judged = judge.Judge([.. plans.SelectMany(film => (int[])[0, 1], (film, hip) => new AuditFilm(film.Plan, Hip: hip))]);

        // A pelvis that was not found has one row in the scan and the same answer twice here.
        var rows = workplace.Rows("pelves-run").Where(row => row.Status is FilmStatus.Identified or FilmStatus.None or FilmStatus.Abstained).ToArray();
        Assert.Contains(rows, row => row.Region == FilmRegion.Left);
        Assert.Equal(
            rows.Select(row => Text(row.Probabilities)).Distinct().Order(StringComparer.Ordinal),
            judged.Select(answer => Text(answer.Probabilities.Select(p => (float)p))).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_film_that_is_there_again_darker_and_of_another_patient_is_named()
    {
        var (films, run) = (workplace.At("lookalikes"), workplace.At("lookalikes-run"));
        Directory.CreateDirectory(films);
        var labels = new List<string> { "file,label,patient,set" };
        for (var i = 0; i < 6; i++)
        {
            var film = Phantom.Render((ulong)(500 + i), Designs.Known[i], 300);
            Write($"{i}.dcm", film, $"P{i}", $"2.25.10{i}");
            labels.Add($"{i}.dcm,{film.Label},P{i},training");
            if (i != 2) continue;
            Write("copy.dcm", film with { Stored = [.. film.Stored.Select(value => (ushort)(value * 0.9))] }, "P9", "2.25.999");
            labels.Add($"copy.dcm,{film.Label},P9,test");
        }

        await File.WriteAllLinesAsync(Path.Combine(films, "labels.csv"), labels);
        var scan = await Shell.RunAsync("scan", films, "--run", run, "--model", workplace.At("model"), "--explain", "None");
        Assert.True(scan.Code == 0, scan.Error);
        var test = LabelledAudit.Of(run, Path.Combine(films, "labels.csv"), ModelPackage.Load(workplace.At("model"))).Tests.Single(test => test.Number == 11);
        var lines = test.Lines.Where(line => line.Of == "nearly the same picture").ToDictionary(line => line.Measure);
        Assert.All(lines.Values, line => Assert.Equal(7, line.N));
        Assert.Equal(AuditState.Amber, lines["of two patients"].State);
        Assert.StartsWith("1 pair, ", lines["of two patients"].Note, StringComparison.Ordinal);
        Assert.Equal(AuditState.Amber, lines["in two sets of the labels"].State);
        Assert.Equal(AuditState.Green, lines["with another label"].State);
        Assert.DoesNotContain("films, which cannot be read", test.NotRun, StringComparison.Ordinal);

        void Write(string name, PhantomFilm film, string patient, string instance) => File.WriteAllBytes(Path.Combine(films, name), DxWriter.Write(film, new Header
        {
            PatientNumber = patient, PatientName = "Look^Alike", Female = true, Birth = new(1950, 2, 3), Taken = new(2020, 4, 5, 6, 7, 8, DateTimeKind.Unspecified),
            Age = 70, Institution = "Here", StudyUid = $"{instance}.1", SeriesUid = $"{instance}.2", InstanceUid = instance, Accession = "1", InstanceNumber = 1,
        }, DxSyntax.ExplicitLittleEndian));
    }

    private static string Text(IEnumerable<float> p) => string.Join(' ', p.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Wrong_usage_exits_with_2_and_one_sentence()
    {
        await ExpectAsync("go together", "--run", workplace.At("audited"));
        await ExpectAsync("--pairs must be", "--pairs", "0");
        await ExpectAsync("--tests must name", "--tests", "1,14");
        await ExpectAsync("--tests must name", "--tests", "");
        await ExpectAsync("--factors must name", "--factors", "wind");
        await ExpectAsync("--long-side must be", "--long-side", "7");

        async Task ExpectAsync(string words, params string[] arguments)
        {
            var ended = await Shell.RunAsync(["audit", "--model", workplace.At("model"), "--out", workplace.At("never"), .. arguments]);
            Assert.Equal(2, ended.Code);
            Assert.Contains(words, ended.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(workplace.At("never")));
        }
    }
}
