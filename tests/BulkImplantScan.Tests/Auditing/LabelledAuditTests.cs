using BulkImplantScan.Assessment;
using BulkImplantScan.Auditing;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Assessment;

namespace BulkImplantScan.Tests.Auditing;

/// <summary>Runs in which it is known what gives the device away.</summary>
public sealed class LabelledAuditTests
{
    private static readonly ModelPackage Model = new()
    {
        Name = "test-model",
        Classes = [new("a", DeviceKind.Device, "A", "B", "a"), new("b", DeviceKind.Device, "A", "C", "b"), new("none", DeviceKind.None, null, null, "none"), new("unknown", DeviceKind.Unknown, null, null, "unknown")],
        Input = new InputGeometry(1, 32, 32, [0], [1]),
    };

    [Fact]
    public void A_device_that_the_machine_gives_away_is_red()
    {
        var tests = Audit(i => new() { MachineMaker = "Maker", MachineModel = i % 2 == 0 ? "M1" : "M2", Site = "s" }).ToDictionary(test => test.Number);
        Assert.Equal(AuditState.Red, tests[6].State);
        Assert.Equal(1, tests[6].Lines[0].Value!.Value, 1e-9);
        Assert.InRange(tests[6].Lines.Single(line => line.Of == "machine_model").Value!.Value, 0.95, 1);
    }

    [Fact]
    public void An_exposure_that_goes_with_the_device_is_red()
    {
        var test = Audit(i => new() { KvBand = i % 2 == 0 ? "60-69" : "70-79", Site = "s" }).Single(test => test.Number == 6);
        Assert.Equal(AuditState.Red, test.State);
        Assert.InRange(test.Lines.Single(line => line.Of == "kv_band").Value!.Value, 0.95, 1);
    }

    [Fact]
    public void Tags_that_say_nothing_and_features_that_carry_nothing_are_green()
    {
        var tests = Audit(i => new() { MachineModel = Hash(i, 1) % 2 == 0 ? "M1" : "M2", Site = "s" }).ToDictionary(test => test.Number);
        Assert.Equal(AuditState.Green, tests[6].State);
        Assert.Equal(AuditState.Green, tests[7].State);
        Assert.Contains(tests[7].Lines, line => line.Of == "machine, a");
        Assert.Equal(AuditState.Green, tests[11].State);
        Assert.Equal(AuditState.NotRun, tests[12].State);
        Assert.All(tests.Values.Where(test => test.State == AuditState.NotRun), test => Assert.NotEmpty(test.NotRun));
    }

    [Fact]
    public void Features_that_carry_the_machine_within_a_device_are_amber_not_red()
    {
        var probe = Audit(i => new() { MachineModel = Hash(i, 1) % 2 == 0 ? "M1" : "M2" }, features: i => Hash(i, 1) % 2).Single(test => test.Number == 7);
        Assert.Equal(AuditState.Amber, probe.State);
        Assert.True(probe.Lines.Single(line => line.Of == "machine, b").Value > 0.99);
    }

    [Fact]
    public void Features_that_carry_the_side_are_told_and_not_judged()
    {
        var probe = Audit(i => new(), features: i => Hash(i, 3) % 2).Single(test => test.Number == 7); // and nothing else is there to judge
        Assert.True(probe.Lines.Single(line => line.Of == "side, a") is { Value: > 0.99, State: null, Limit: null });
        Assert.Equal(AuditState.NotRun, probe.State);
        Assert.Equal("no machine or site has enough films of both kinds with features", probe.NotRun);
    }

    [Fact]
    public void A_site_that_is_judged_far_worse_is_red() =>
        Assert.Equal(AuditState.Red, Audit(i => new() { Site = Hash(i, 2) % 4 == 0 ? "bad" : "good" }, wrong: i => Hash(i, 2) % 4 == 0).Single(test => test.Number == 8).State);

    [Fact]
    public void What_tells_devices_apart_everywhere_holds_for_a_site_that_is_left_out() =>
        Assert.Equal(["sites, each left out in turn", "site: b", "years, each left out in turn", "year: 2020"], LeftOut(device: i => i % 2).Select(line =>
        {
            Assert.Equal((1.0, AuditState.Green), (line.Value, line.State));
            return line.Of;
        }));

    [Fact]
    public void What_tells_devices_apart_by_the_site_fails_where_that_is_left_out()
    {
        // At site a the feature means the other device, and another one, silent at site b, says the truth. With films of both sites a
        // regression learns that; without, it cannot.
        var lines = LeftOut(device: i => IsSiteA(i) ? 1 - i % 2 : i % 2, features: i => IsSiteA(i) ? i % 2 == 0 ? -4 : 4 : 0);
        var worst = lines.Single(line => line.Of.StartsWith("site: ", StringComparison.Ordinal));
        Assert.Equal(AuditState.Red, worst.State);
        Assert.Equal(0, worst.Value);
        Assert.True(worst.Limit > 0.9);
    }

    [Fact]
    public void A_device_named_before_its_first_year_is_red()
    {
        FilmFacts Dated(int i) => new() { Site = "s", StudyDate = new DateOnly(i < 40 ? 2003 : 2010, 1, 1) };
        var known = Model with { Classes = [Model.Classes[0] with { MarketedFrom = 2004 }, .. Model.Classes.Skip(1)] };
        var early = Audit(Dated, model: known).Single(test => test.Number == 12);
        Assert.Equal([("labels", AuditState.Red, 0.1), ("answers", AuditState.Red, 0.1), ("answers, a (2004)", null, 0.1)], early.Lines.Select(line => (line.Of, line.State, line.Value ?? -1)));
        Assert.Equal(200, early.Lines[0].N);
        var after = Audit(Dated, model: Model with { Classes = [Model.Classes[0] with { MarketedFrom = 2003 }, .. Model.Classes.Skip(1)] }).Single(test => test.Number == 12);
        Assert.Equal([AuditState.Green, AuditState.Amber], after.Lines.Select(line => line.State)); // 200 answers cannot show 1 %
        Assert.Contains("no film of a device with a first year has a date", Audit(_ => new() { Site = "s" }, model: known).Single(test => test.Number == 12).NotRun, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_of_two_patients_and_patients_in_two_sets_are_red()
    {
        var twins = Audit(_ => new() { Site = "s" }, pixels: i => i is 3 or 40 ? "same" : $"{i}").Single(test => test.Number == 11);
        Assert.Equal(AuditState.Red, twins.Lines.Single(line => line.Of == "the same pixels").State);
        var leak = Audit(_ => new() { Site = "s" }, set: i => i == 0 ? "test" : "training").Single(test => test.Number == 11);
        Assert.Equal(AuditState.Red, leak.Lines.Single(line => line.Of == "patients").State);
    }

    [Fact]
    public void A_run_of_another_model_is_refused()
    {
        using var runs = new LabelledRuns();
        var run = runs.Run(LabelledRuns.Film(0, [0.9f, 0.05f, 0.05f, 0], "p"));
        var labels = runs.Labels("file,label", "films/0,a");
        Assert.Contains("Scan the films with the model", Assert.Throws<TruthException>(() => LabelledAudit.Of(run, labels, Model with { Name = "other" })).Message, StringComparison.Ordinal);
    }

    private static bool IsSiteA(int i) => i / 4 % 4 == 0;

    private static AuditLine[] LeftOut(Func<int, double> device, Func<int, double>? features = null) =>
    [
        .. Audit(i => new() { Site = IsSiteA(i) ? "a" : "b", StudyDate = new DateOnly(i < 200 ? 2020 : 2021, 1, 1) }, features, device: device).Single(test => test.Number == 8).Lines
            .Where(line => line.Measure.Contains("fitted without", StringComparison.Ordinal)),
    ];

    /// <summary>400 films, two a patient; even films show a, odd ones b.</summary>
    private static IReadOnlyList<AuditTest> Audit(
        Func<int, FilmFacts> facts, Func<int, double>? features = null, Func<int, bool>? wrong = null, Func<int, string>? pixels = null, Func<int, string>? set = null,
        Func<int, double>? device = null, ModelPackage? model = null)
    {
        const int Films = 400;
        using var runs = new LabelledRuns();
        FilmRow[] rows =
        [
            .. Enumerable.Range(0, Films).Select(i =>
            {
                var isA = i % 2 == 0 ^ wrong?.Invoke(i) == true;
                var film = LabelledRuns.Film(i, isA ? [0.9f, 0.05f, 0.05f, 0] : [0.05f, 0.9f, 0.05f, 0], $"p{i / 4 * 2 + i % 2}", side: Hash(i, 3) % 2 == 0 ? "L" : "R", facts: facts(i));
                float[] embedding = [(float)(features?.Invoke(i) ?? Hash(i, 4) % 2), Hash(i, 5) % 100, (float)(device?.Invoke(i) ?? i % 2)];
                return film with { Facts = film.Facts with { StudyDate = facts(i).StudyDate }, PixelHash = pixels?.Invoke(i) ?? $"{i}", Embedding = [.. embedding.SelectMany(value => BitConverter.GetBytes((Half)value))] };
            }),
        ];
        var labels = runs.Labels("file,label,set", [.. Enumerable.Range(0, Films).Select(i => $"films/{i},{(i % 2 == 0 ? "a" : "b")},{set?.Invoke(i) ?? ""}")]);
        return LabelledAudit.Of(runs.Run(rows), labels, model ?? Model).Tests;
    }

    /// <summary>A number that depends on film and purpose alone.</summary>
    private static uint Hash(int film, int purpose)
    {
        var z = (ulong)film * 0x9E3779B97F4A7C15 + (ulong)purpose * 0xD1B54A32D192ED03;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (uint)(z >> 33);
    }
}
