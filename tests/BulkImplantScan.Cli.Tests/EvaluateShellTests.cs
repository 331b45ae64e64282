using System.Text.Json;

namespace BulkImplantScan.Cli.Tests;

public sealed class EvaluateShellTests(Workplace workplace) : IClassFixture<Workplace>
{
    private string Labels => workplace.At("phantoms", "labels.csv");

    [Fact]
    public async Task A_scanned_run_is_judged_by_the_labels_of_its_phantoms()
    {
        var run = await ScannedAsync("judged");
        var ended = await Shell.RunAsync("evaluate", run, "--truth", Labels, "--compare", "paper", "--bootstrap", "200", "--json");
        Assert.True(ended.Code == 0, ended.Error);
        var result = JsonDocument.Parse(ended.Out).RootElement;

        // Broken films have no label of the model; unknown hardware is not in the table.
        var lines = File.ReadLines(Labels).Skip(1).Select(line => line.Split(',')[1]).ToArray();
        Assert.Equal(lines.Count(label => label is not ("broken" or "unknown")), result.GetProperty("n").GetInt32());
        Assert.Equal(["D1", "D2", "D3", "D4", "D5", "D6", "none"], result.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("id").GetString()));
        var top1 = result.GetProperty("top1");
        Assert.True(top1.GetProperty("lo").GetDouble() <= top1.GetProperty("value").GetDouble() && top1.GetProperty("value").GetDouble() <= top1.GetProperty("hi").GetDouble());

        foreach (var name in (string[])["evaluation.html", "evaluation.md", "evaluation.json"])
        {
            var text = await File.ReadAllTextAsync(Path.Combine(run, "evaluation", name));
            foreach (var secret in (string[])["PHANTOM-", "IM0001", workplace.Folder]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        // For people: the table on stderr, nothing on stdout.
        var said = await Shell.RunAsync("evaluate", run, "--truth", Labels, "--compare", "paper", "--bootstrap", "200", "--out", workplace.At("elsewhere"));
        Assert.Equal((0, ""), (said.Code, said.Out));
        Assert.Contains("paper 98.5 % | yours", said.Error, StringComparison.Ordinal);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(run, "evaluation", "evaluation.html")), await File.ReadAllBytesAsync(workplace.At("elsewhere", "evaluation.html")));
    }

    [Fact]
    public async Task A_run_is_compared_with_another_of_other_model()
    {
        var run = await ScannedAsync("one");
        string[] scan = ["scan", workplace.Archive, "--run", workplace.At("two"), "--model", workplace.At("slow-model"), "--site-key", workplace.At("second-key")];
        Assert.Equal(0, (await Shell.RunAsync(scan)).Code);
        var ended = await Shell.RunAsync("evaluate", run, "--truth", Labels, "--compare", workplace.At("two"), "--bootstrap", "100");
        Assert.True(ended.Code == 0, ended.Error);
        var comparison = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(run, "evaluation", "evaluation.json"))).RootElement.GetProperty("comparison");
        Assert.True(comparison.GetProperty("n").GetInt32() > 30);
        Assert.InRange(comparison.GetProperty("mcnemar_p").GetDouble(), 0, 1);
        Assert.Equal(7, comparison.GetProperty("devices").GetArrayLength());
    }

    [Fact]
    public async Task Its_maps_are_tried_on_films_read_as_the_scan_read_them()
    {
        var run = await ScannedAsync("mapped");
        var ended = await Shell.RunAsync("evaluate", run, "--truth", Labels, "--bootstrap", "100", "--model", workplace.At("model"), "--maps", "6");
        Assert.True(ended.Code == 0, ended.Error);
        var maps = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(run, "evaluation", "evaluation.json"))).RootElement.GetProperty("maps");
        Assert.Equal((6, 0), (maps.GetProperty("n").GetInt32(), maps.GetProperty("unreadable").GetInt32())); // another answer would count as changed
        Assert.InRange(maps.GetProperty("deletion").GetProperty("value").GetDouble(), -1, 1);
        Assert.Equal([0.1, 0.5, 1], maps.GetProperty("likeness").EnumerateArray().Select(likeness => likeness.GetProperty("shuffled").GetDouble()));
        Assert.Contains("the maps put to the test", await File.ReadAllTextAsync(Path.Combine(run, "evaluation", "evaluation.md")), StringComparison.Ordinal);

        Assert.Contains("shuffled weights on 6 films", await ExplanationAsync(run), StringComparison.Ordinal);

        // Without the films nothing is tried, and nobody says that it was.
        Directory.Move(workplace.At("phantoms", "films"), workplace.At("away"));
        var alone = await Shell.RunAsync("evaluate", run, "--truth", Labels, "--bootstrap", "100", "--model", workplace.At("model"), "--maps", "6");
        Directory.Move(workplace.At("away"), workplace.At("phantoms", "films"));
        Assert.True(alone.Code == 0, alone.Error);
        Assert.Null(await ExplanationAsync(run));

        var other = await Shell.RunAsync("evaluate", run, "--truth", Labels, "--bootstrap", "100", "--model", workplace.At("slow-model"));
        Assert.Equal(2, other.Code);
        Assert.Contains("was scanned with another model", other.Error, StringComparison.Ordinal);
    }

    private static async Task<string?> ExplanationAsync(string run)
    {
        var evaluation = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(run, "evaluation", "evaluation.json"))).RootElement;
        return evaluation.GetProperty("checklists").EnumerateArray().SelectMany(list => list.GetProperty("items").EnumerateArray())
            .Single(item => item.GetProperty("asks").GetString() == "Explanation of answers and its validation").GetProperty("verified").GetString();
    }

    [Fact]
    public async Task Films_still_to_be_scanned_exit_with_3_and_stand_in_the_page()
    {
        var run = await ScannedAsync("half");
        File.Delete(Directory.GetFiles(Path.Combine(run, "parts")).Order(StringComparer.Ordinal).First());
        var ended = await Shell.RunAsync("evaluate", run, "--truth", Labels, "--bootstrap", "100");
        Assert.Equal(3, ended.Code);
        Assert.Contains("6 labelled films are still to be scanned", ended.Error, StringComparison.Ordinal);
        Assert.Contains("these figures are not final", await File.ReadAllTextAsync(Path.Combine(run, "evaluation", "evaluation.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_that_are_wrong_exit_with_2_and_say_the_line_and_no_name()
    {
        var run = await ScannedAsync("wrong");
        await ExpectAsync(run, "no.csv", null, "is not there");
        await ExpectAsync(run, "device.csv", "file,label,patient\nfilms/x,Gamma3,Miller\n", "line 2: \"Gamma3\" is no class of the model");
        await ExpectAsync(run, "path.csv", "file,label,patient\n../Miller/x,D1,Miller\n", "line 2: \"file\" is no path");
        await ExpectAsync(run, "elsewhere.csv", "file,label,patient\nfilms/Miller,D1,Miller\n", "no line names a film");
        await ExpectAsync(run, "header.csv", "path;class\nx;D1\n", "no column \"file\"");
        Assert.False(Directory.Exists(Path.Combine(run, "evaluation")));
        var ended = await Shell.RunAsync("evaluate", run, "--truth", Labels, "--bootstrap", "1");
        Assert.Equal(2, ended.Code);
        Assert.Contains("--bootstrap must be", ended.Error, StringComparison.Ordinal);
    }

    private async Task ExpectAsync(string run, string name, string? text, string words)
    {
        if (text is not null) await File.WriteAllTextAsync(workplace.At(name), text);
        var ended = await Shell.RunAsync("evaluate", run, "--truth", workplace.At(name));
        Assert.Equal(2, ended.Code);
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Miller", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    private async Task<string> ScannedAsync(string run)
    {
        var ended = await Shell.RunAsync(workplace.Scan(run));
        Assert.True(ended.Code == 0, ended.Error);
        return workplace.At(run);
    }
}
