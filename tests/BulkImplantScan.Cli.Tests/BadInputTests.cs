using System.Diagnostics;

namespace BulkImplantScan.Cli.Tests;

/// <summary>What users get wrong: one clear sentence, the right exit code, nothing half-written.</summary>
public sealed class BadInputTests(Workplace workplace) : IClassFixture<Workplace>
{
    [Fact]
    public async Task An_empty_folder_is_said_to_hold_no_film()
    {
        Directory.CreateDirectory(workplace.At("empty"));
        var ended = await Shell.RunAsync("scan", workplace.At("empty"), "--run", workplace.At("of-empty"), "--model", workplace.At("model"), "--site-key", workplace.At("key"));
        Expect(ended, 2, workplace.At("empty"));
        Assert.False(File.Exists(workplace.At("of-empty", "inventory.parquet")));
    }

    [Fact]
    public async Task A_file_instead_of_a_folder_and_a_folder_that_is_not_there_are_usage_errors()
    {
        Expect(await Shell.RunAsync("index", workplace.At("phantoms", "labels.csv"), "--run", workplace.At("r1")), 2, "is a file");
        Expect(await Shell.RunAsync("index", workplace.At("nowhere"), "--run", workplace.At("r2")), 2, "no folder");
        Assert.False(Directory.Exists(workplace.At("r1")));
        Assert.False(Directory.Exists(workplace.At("r2")));
    }

    [Fact]
    public async Task A_model_that_is_not_there_or_damaged_or_does_not_fit_is_said_before_anything_is_scanned()
    {
        Expect(await Shell.RunAsync(With("no-model", workplace.At("nowhere"))), 2, "model");

        CopyModel("model", "damaged");
        await File.AppendAllTextAsync(workplace.At("damaged", "model.onnx"), "x");
        Expect(await Shell.RunAsync(With("damaged-model", workplace.At("damaged"))), 2, "SHA-256");

        // A description of another network: the hash fits its file, the shapes do not.
        CopyModel("model", "misfit");
        var json = await File.ReadAllTextAsync(workplace.At("misfit", "model.json"));
        await File.WriteAllTextAsync(workplace.At("misfit", "model.json"), json.Replace("\"width\": 224", "\"width\": 200", StringComparison.Ordinal));
        Expect(await Shell.RunAsync(With("misfit-model", workplace.At("misfit"))), 2, "200");
        Assert.False(Directory.Exists(workplace.At("misfit-model", "parts")));
    }

    [Fact]
    public async Task A_folder_that_belongs_to_something_else_is_left_alone()
    {
        Directory.CreateDirectory(workplace.At("thesis"));
        await File.WriteAllTextAsync(workplace.At("thesis", "chapter1.txt"), "words");
        Expect(await Shell.RunAsync("index", workplace.Archive, "--run", workplace.At("thesis"), "--site-key", workplace.At("key")), 2, "not empty");
        Assert.Single(Directory.GetFileSystemEntries(workplace.At("thesis")));

        Expect(await Shell.RunAsync("demo", "--out", workplace.At("thesis")), 2, "not empty");
        Assert.Single(Directory.GetFileSystemEntries(workplace.At("thesis")));
    }

    [Fact]
    public async Task A_run_of_another_archive_another_key_or_another_model_is_refused()
    {
        Assert.Equal(0, (await Shell.RunAsync(workplace.Scan("taken"))).Code);
        var before = workplace.PartHashes("taken");
        Expect(await Shell.RunAsync("scan", workplace.At("phantoms"), "--run", workplace.At("taken"), "--model", workplace.At("model"), "--site-key", workplace.At("key"), "--chunk", "6"), 2, "another archive");
        Expect(await Shell.RunAsync("scan", workplace.Archive, "--run", workplace.At("taken"), "--model", workplace.At("model"), "--site-key", workplace.At("other-key"), "--chunk", "6"), 2, "another site key");
        Expect(await Shell.RunAsync("scan", workplace.At("taken"), "--model", workplace.At("other-model"), "--site-key", workplace.At("key")), 2, "model");
        Assert.Equal(before, workplace.PartHashes("taken"));
    }

    [Fact]
    public async Task A_folder_that_is_no_run_is_said_so_by_every_verb_that_wants_one()
    {
        foreach (var verb in (string[])["report", "verify", "status"])
            Expect(await Shell.RunAsync(verb, workplace.At("phantoms")), 2, "no run");
        Expect(await Shell.RunAsync("sql", workplace.At("phantoms"), "SELECT 1"), 2, "no run");
        Expect(await Shell.RunAsync("evaluate", workplace.At("phantoms"), "--truth", workplace.At("phantoms", "labels.csv")), 2, "no run");
        Expect(await Shell.RunAsync("scan", workplace.At("phantoms")), 2, "--run");
    }

    [Fact]
    public async Task A_full_disk_is_said_so_and_the_run_goes_on_once_there_is_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "a small file system can be mounted by root only");
        var disk = workplace.At("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", disk) == 0, "no tmpfs can be mounted here");
        try
        {
            var full = await Shell.RunAsync(workplace.Scan("disk/run", "--explain", "all"));
            Expect(full, 4, "disk");
            Assert.All(Directory.GetFiles(workplace.At("disk", "run", "parts"), "part-*"), part => Results.PartFile.Read(part));

            Assert.Equal(0, Run("mount", "-o", "remount,size=64m", disk));
            var resumed = await Shell.RunAsync(workplace.Scan("disk/run", "--explain", "all"));
            Assert.True(resumed.Code == 0, resumed.Error);
            Assert.Equal(0, (await Shell.RunAsync("verify", workplace.At("disk", "run"))).Code);
        }
        finally
        {
            Run("umount", disk);
        }
    }

    [Fact]
    public async Task Inspect_does_not_wait_for_a_pipe()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mkfifo");
        Assert.Equal(0, Run("mkfifo", workplace.At("pipe")));
        var ended = await Shell.RunAsync("inspect", workplace.At("pipe"), "--json");
        Assert.Equal(0, ended.Code);
        Assert.Contains("\"reason\":\"not_dicom\",\"detail\":\"fifo\"", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_usage_exits_with_2_and_points_to_the_help()
    {
        Expect(await Shell.RunAsync("scam"), 2, "--help");
        Expect(await Shell.RunAsync("scan"), 2, "--help");
        Expect(await Shell.RunAsync("index", workplace.Archive, "--run", workplace.At("r3"), "--chunk", "0"), 2, "--chunk must be");
        Expect(await Shell.RunAsync("index", workplace.Archive, "--run", workplace.At("r3"), "--chunk", "many"), 2, "many");
        Expect(await Shell.RunAsync("scan", workplace.Archive, "--run", workplace.At("r4"), "--explain", "sometimes"), 2, "sometimes");
        Expect(await Shell.RunAsync([.. workplace.Scan("r5"), "--device", "gpu"]), 2, "cuda:0");
        Expect(await Shell.RunAsync("sql", await ScannedAsync(), "SELECT nothing FROM nowhere"), 2, "nowhere");
        Expect(await Shell.RunAsync("sql", await ScannedAsync(), "COPY (SELECT 1) TO '/tmp/x.csv'"), 2, "SELECT");
    }

    [Fact]
    public async Task A_triage_is_printed_changed_checked_used_and_kept()
    {
        var printed = await Shell.RunAsync("triage");
        Assert.Equal(0, printed.Code);
        await File.WriteAllTextAsync(workplace.At("default.json"), printed.Out);
        await File.WriteAllTextAsync(workplace.At("mine.json"), printed.Out.Replace("\"CR\", \"DX\"", "\"CR\"", StringComparison.Ordinal));
        Expect(await Shell.RunAsync("triage", workplace.At("mine.json")), 0, "can be used");

        var (archive, run, key) = (workplace.Archive, workplace.At("triaged"), workplace.At("key"));
        Expect(await Shell.RunAsync("index", archive, "--run", run, "--site-key", key, "--triage", workplace.At("mine.json")), 0, " 0 of them to be scanned");
        Assert.Equal(await File.ReadAllTextAsync(workplace.At("mine.json")), await File.ReadAllTextAsync(workplace.At("triaged", "triage.json")));
        Expect(await Shell.RunAsync("index", archive, "--run", run, "--site-key", key), 0, "nothing to do"); // the run's own holds
        Expect(await Shell.RunAsync("index", archive, "--run", run, "--site-key", key, "--triage", workplace.At("default.json")), 2, "another triage");
        Expect(await Shell.RunAsync("scan", run, "--model", workplace.At("model"), "--site-key", key, "--triage", workplace.At("default.json")), 2, "another triage");
        Expect(await Shell.RunAsync("scan", run, "--model", workplace.At("model"), "--site-key", key), 0, "complete");
    }

    [Fact]
    public async Task A_triage_that_is_wrong_is_said_with_its_line_before_anything_is_made()
    {
        await File.WriteAllTextAsync(workplace.At("wrong.json"), "{\n  \"format\": 1,\n  \"views\": []\n}\n");
        foreach (var verb in (string[][])[["triage"], ["index", workplace.Archive, "--run", workplace.At("untriaged"), "--triage"], ["inspect", workplace.At("default.json"), "--triage"]])
        {
            if (verb[0] == "inspect") await File.WriteAllTextAsync(workplace.At("default.json"), "");
            Expect(await Shell.RunAsync([.. verb, workplace.At("wrong.json")]), 2, "wrong.json, line 3: \"views\" is no entry of a triage.");
        }

        Assert.False(Directory.Exists(workplace.At("untriaged")));
        Expect(await Shell.RunAsync("triage", workplace.At("no.json")), 2, "cannot be read");
    }

#if !USE_FO_DICOM
    [Fact]
    public async Task Asking_for_fo_dicom_in_a_build_without_it_exits_with_4_and_makes_nothing()
    {
        Expect(await Shell.RunAsync("index", workplace.Archive, "--run", workplace.At("fodicom"), "--site-key", workplace.At("key"), "--dicom-reader", "fodicom"), 4, "BIS_FO_DICOM=true");
        Assert.False(Directory.Exists(workplace.At("fodicom")));
        Expect(await Shell.RunAsync("index", workplace.Archive, "--run", workplace.At("fodicom"), "--dicom-reader", "pydicom"), 2, "must be ours or fodicom");
    }
#endif

    [Fact]
    public async Task A_device_that_is_not_there_exits_with_4_and_says_what_to_do()
    {
        Assert.SkipWhen(File.Exists("/proc/driver/nvidia/version"), "there is an NVIDIA driver here");
        Expect(await Shell.RunAsync([.. workplace.Scan("cuda"), "--device", "cuda:0"]), 4, "doctor");
        Expect(await Shell.RunAsync([.. workplace.Scan("cuda"), "--device", "cuda:0,cuda:1"]), 4, "doctor");
        Expect(await Shell.RunAsync([.. workplace.Scan("cuda"), "--device", "cuda:0,cuda:0"]), 2, "twice");
        Expect(await Shell.RunAsync([.. workplace.Scan("cuda"), "--precision", "tf32", "--device", "cpu"]), 4, "tf32");
        Assert.False(Directory.Exists(workplace.At("cuda"))); // said before anything is indexed
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("index")]
    [InlineData("triage")]
    [InlineData("scan")]
    [InlineData("report")]
    [InlineData("evaluate")]
    [InlineData("inspect")]
    [InlineData("verify")]
    [InlineData("status")]
    [InlineData("sql")]
    [InlineData("phantom")]
    [InlineData("train")]
    [InlineData("model show")]
    [InlineData("model new")]
    [InlineData("model half")]
    [InlineData("doctor")]
    public async Task The_help_of_each_verb_shows_a_real_example(string verb)
    {
        var help = await Shell.RunAsync([.. verb.Split(' '), "--help"]);
        Assert.Equal(0, help.Code);
        Assert.Contains($"./run.sh {verb}", help.Out, StringComparison.Ordinal);
    }

    private async Task<string> ScannedAsync()
    {
        if (!Directory.Exists(workplace.At("scanned"))) Assert.Equal(0, (await Shell.RunAsync(workplace.Scan("scanned"))).Code);
        return workplace.At("scanned");
    }

    private string[] With(string run, string model) =>
        ["scan", workplace.Archive, "--run", workplace.At(run), "--model", model, "--site-key", workplace.At("key")];

    private void CopyModel(string from, string to)
    {
        Directory.CreateDirectory(workplace.At(to));
        foreach (var file in Directory.GetFiles(workplace.At(from))) File.Copy(file, workplace.At(to, Path.GetFileName(file)));
    }

    private static void Expect((int Code, string Out, string Error) ended, int code, string words)
    {
        Assert.True(ended.Code == code, $"exit code {ended.Code}, expected {code}: {ended.Error}");
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal); // no stack trace
    }

    private static int Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
