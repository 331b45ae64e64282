using System.Text.Json.Nodes;

namespace BulkImplantScan.Cli.Tests;

/// <summary><c>model new</c>, <c>model half</c> and <c>--precision</c>, as typed.</summary>
public sealed class ModelShellTests(Workplace workplace) : IClassFixture<Workplace>
{
    [Fact]
    public async Task A_new_model_is_there_whole_can_be_shown_and_has_as_many_classes_as_asked_for()
    {
        Expect(await Shell.RunAsync("model", "new", "--arch", "resnet18", "--classes", "5", "--input", "64", "--channels", "1", "--seed", "3", "--out", workplace.At("new")), 0, "45 MB");
        var shown = await Shell.RunAsync("model", "show", workplace.At("new"), "--json");
        Assert.Equal(0, shown.Code);
        var json = JsonNode.Parse(shown.Out)!;
        Assert.Equal(5, json["classes"]!.AsArray().Count);
        Assert.Equal("none", json["classes"]![4]!["kind"]!.GetValue<string>());
        Assert.Equal("fp32", json["precision"]!.GetValue<string>());
        Assert.Equal(512, json["feature_maps"]!["channels"]!.GetValue<int>());
    }

    [Fact]
    public async Task Wrong_arguments_of_model_verbs_exit_with_2_and_make_nothing()
    {
        var target = workplace.At("wrong");
        Expect(await Shell.RunAsync("model", "new", "--arch", "vgg16", "--out", target), 2, "vgg16");
        Expect(await Shell.RunAsync("model", "new", "--classes", "1", "--out", target), 2, "--classes must be");
        Expect(await Shell.RunAsync("model", "new", "--classes", "1025", "--out", target), 2, "--classes must be");
        Expect(await Shell.RunAsync("model", "new", "--input", "16", "--out", target), 2, "--input must be");
        Expect(await Shell.RunAsync("model", "new", "--channels", "2", "--out", target), 2, "--channels must be");
        Expect(await Shell.RunAsync("model", "new"), 2, "--out");
        Expect(await Shell.RunAsync("model", "half"), 2, "--help");
        Expect(await Shell.RunAsync("model", "half", workplace.At("nowhere"), "--out", target), 2, "not a folder");
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_left_alone()
    {
        var before = await File.ReadAllBytesAsync(workplace.At("other-model", "model.onnx"));
        Expect(await Shell.RunAsync("model", "new", "--arch", "small", "--out", workplace.At("other-model")), 2, "not empty");
        Expect(await Shell.RunAsync("model", "half", workplace.At("model"), "--out", workplace.At("other-model")), 2, "not empty");
        Expect(await Shell.RunAsync("model", "half", workplace.At("model"), "--out", workplace.At("phantoms", "labels.csv")), 2, "is a file");
        Assert.Equal(before, await File.ReadAllBytesAsync(workplace.At("other-model", "model.onnx")));
    }

    [Fact]
    public async Task A_run_remembers_its_precision_and_refuses_another()
    {
        Expect(await Shell.RunAsync("model", "half", workplace.At("model"), "--out", workplace.At("twin")), 0, "same top class");
        string[] twin = ["scan", workplace.Archive, "--run", workplace.At("half"), "--model", workplace.At("twin"), "--site-key", workplace.At("key"), "--chunk", "6"];
        Expect(await Shell.RunAsync([.. twin, "--precision", "fp16"]), 0, "fp16, batches of");
        var run = JsonNode.Parse(await File.ReadAllTextAsync(workplace.At("half", "run.json")))!;
        Assert.Equal("fp16", run["settings"]!["precision"]!.GetValue<string>());
        Expect(await Shell.RunAsync(twin), 0, "complete"); // what the model is

        Expect(await Shell.RunAsync(workplace.Scan("full", "--precision", "fp32")), 0, "fp32, batches of");
        var settings = workplace.At("full", "run.json");
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings)).Replace("\"precision\": \"fp32\"", "\"precision\": \"tf32\"", StringComparison.Ordinal));
        Expect(await Shell.RunAsync(workplace.Scan("full")), 2, "precision");
    }

    [Fact]
    public async Task A_precision_that_model_or_device_does_not_have_is_refused_with_what_to_do()
    {
        Expect(await Shell.RunAsync(workplace.Scan("p1", "--precision", "fp16")), 2, "./run.sh model half");
        Assert.False(Directory.Exists(workplace.At("p1"))); // before anything is indexed
        Expect(await Shell.RunAsync(workplace.Scan("p2", "--precision", "tf32", "--device", "cpu")), 4, "tf32 is arithmetic of NVIDIA devices");
        Expect(await Shell.RunAsync(workplace.Scan("p3", "--precision", "int8")), 2, "int8");
        Expect(await Shell.RunAsync("model", "half", workplace.At("other-model"), "--out", workplace.At("small-twin")), 0, "model half");
        Expect(await Shell.RunAsync("model", "half", workplace.At("small-twin"), "--out", workplace.At("third")), 2, "twin already");
        Expect(
            await Shell.RunAsync("scan", workplace.Archive, "--run", workplace.At("p4"), "--model", workplace.At("small-twin"), "--site-key", workplace.At("key"), "--precision", "fp32"),
            2, "cannot run in fp32");
    }

    private static void Expect((int Code, string Out, string Error) ended, int code, string words)
    {
        Assert.True(ended.Code == code, $"exit code {ended.Code}, expected {code}: {ended.Error}");
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal); // no stack trace
    }
}
