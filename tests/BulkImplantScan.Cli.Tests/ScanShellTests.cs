using System.Diagnostics;
using System.Text.Json;

namespace BulkImplantScan.Cli.Tests;

public sealed class ScanShellTests(Workplace workplace) : IClassFixture<Workplace>
{
    [Fact]
    public async Task Scan_indexes_scans_and_the_report_and_verify_follow()
    {
        var scan = await Shell.RunAsync(workplace.Scan("whole", "--explain", "all", "--json"));
        Assert.True(scan.Code == 0, scan.Error);
        Assert.True(JsonDocument.Parse(scan.Out).RootElement.GetProperty("complete").GetBoolean());

        var verify = await Shell.RunAsync("verify", workplace.At("whole"), "--json");
        Assert.Equal(0, verify.Code);
        var ledger = JsonDocument.Parse(verify.Out).RootElement;
        string[] parts = ["identified", "none", "abstained", "rejected", "failed"];
        Assert.Equal(Workplace.Films, ledger.GetProperty("films").GetInt32());
        Assert.Equal(Workplace.Films, parts.Sum(name => ledger.GetProperty(name).GetInt32()));
        Assert.True(ledger.GetProperty("ok").GetBoolean());
        Assert.True(ledger.TryGetProperty("duplicates", out _));

        var report = await Shell.RunAsync("report", workplace.At("whole"));
        Assert.True(report.Code == 0, report.Error);
        var html = await File.ReadAllTextAsync(workplace.At("whole", "report", "report.html"));
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org/", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);

        var status = await Shell.RunAsync("status", workplace.At("whole"));
        Assert.Equal(0, status.Code);

        var sql = await Shell.RunAsync("sql", workplace.At("whole"), "SELECT count(*) AS films FROM films", "--csv");
        Assert.Equal($"films\n{Workplace.Films}\n", sql.Out);
    }

    [Fact]
    public async Task Every_film_can_be_checked_and_a_negative_share_is_wrong_usage()
    {
        var scan = await Shell.RunAsync(workplace.Scan("self-checked", "--self-check", "1"));
        Assert.True(scan.Code == 0, scan.Error);
        var wrong = await Shell.RunAsync(workplace.Scan("never", "--self-check", "-1"));
        Assert.Equal(2, wrong.Code);
        Assert.Contains("--self-check", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_archives_folders_and_zips_are_scanned_into_one_run_and_continued()
    {
        var zip = workplace.At("films.zip");
        if (!File.Exists(zip)) System.IO.Compression.ZipFile.CreateFromDirectory(workplace.Archive, zip);
        string[] scan = ["scan", workplace.Archive, zip, "--run", workplace.At("both"), "--model", workplace.At("model"), "--site-key", workplace.At("key"), "--chunk", "6"];
        var ended = await Shell.RunAsync(scan);
        Assert.True(ended.Code == 0, ended.Error);
        var verify = await Shell.RunAsync("verify", workplace.At("both"), "--json");
        Assert.Equal(0, verify.Code);
        Assert.Equal(2 * Workplace.Films, JsonDocument.Parse(verify.Out).RootElement.GetProperty("films").GetInt32());

        File.Delete(Directory.GetFiles(workplace.At("both", "parts")).Order(StringComparer.Ordinal).Last());
        Assert.Equal(0, (await Shell.RunAsync("scan", workplace.At("both"), "--model", workplace.At("model"), "--site-key", workplace.At("key"))).Code);
        Assert.Equal(0, (await Shell.RunAsync("verify", workplace.At("both"))).Code);
        Assert.Equal(2, (await Shell.RunAsync("scan", workplace.Archive, zip)).Code);
        Assert.Equal(2, (await Shell.RunAsync("scan", zip, "--run", workplace.At("both"), "--model", workplace.At("model"), "--site-key", workplace.At("key"), "--chunk", "6")).Code);
    }

    [Fact]
    public async Task A_scan_that_is_killed_is_continued_to_the_bytes_of_an_undisturbed_one()
    {
        await Shell.RunAsync(workplace.ScanSlowly("undisturbed"));
        var expected = workplace.PartHashes("undisturbed");

        var (killed, seen) = await StopAfterFirstPartAsync("killed", process => process.Kill());
        Assert.NotEqual(0, killed.Code);
        Assert.InRange(seen, 1, expected.Length - 1);

        var status = await Shell.RunAsync("status", workplace.At("killed"), "--json");
        Assert.Equal(3, status.Code);
        var verify = await Shell.RunAsync("verify", workplace.At("killed"));
        Assert.Equal(3, verify.Code);

        var resumed = await Shell.RunAsync("scan", workplace.At("killed"), "--model", workplace.At("slow-model"), "--site-key", workplace.At("key"));
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(expected, workplace.PartHashes("killed"));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(workplace.At("killed"), "*", SearchOption.AllDirectories), name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_C_finishes_what_is_in_flight_and_leaves_a_run_that_the_same_command_continues()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        Assert.SkipWhen(IgnoresInterrupts(), "these tests were started in the background (command &): SIGINT is ignored then, also by what they start");
        await Shell.RunAsync(workplace.ScanSlowly("uninterrupted"));

        var (interrupted, _) = await StopAfterFirstPartAsync("interrupted", process => Process.Start("kill", ["-INT", $"{process.Id}"])!.WaitForExit());
        Assert.True(interrupted.Code == 130, $"{interrupted.Code}: {interrupted.Error}");
        Assert.Contains("finishing what is in flight", interrupted.Error, StringComparison.Ordinal);
        Assert.Contains("Continue with", interrupted.Error, StringComparison.Ordinal);

        var resumed = await Shell.RunAsync(workplace.ScanSlowly("interrupted"));
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(workplace.PartHashes("uninterrupted"), workplace.PartHashes("interrupted"));
    }

    // SigIgn is a mask in hex, signal 1 in bit 0; SIGINT is 2 (proc(5)).
    private static bool IgnoresInterrupts() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (Convert.ToUInt64(mask["SigIgn:".Length..].Trim(), 16) >> 1 & 1) == 1;

    [Fact]
    public async Task Nothing_that_is_printed_or_written_for_people_names_a_patient()
    {
        var scan = await Shell.RunAsync(workplace.Scan("private", "--explain", "uncertain"));
        var report = await Shell.RunAsync("report", workplace.At("private"));
        var texts = Directory.GetFiles(workplace.At("private"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".html" or ".csv" or ".json" or ".jsonl")
            .Select(File.ReadAllText)
            .Concat([scan.Out, scan.Error, report.Out, report.Error])
            .Concat(workplace.Rows("private").Select(row => JsonSerializer.Serialize(row)))
            .Concat(Directory.GetFileSystemEntries(workplace.At("private"), "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)!))
            .ToList();
        Assert.True(texts.Count > 10);
        Assert.All(texts, text =>
        {
            Assert.DoesNotContain("PHANTOM-", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Phantom^", text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task The_demonstration_goes_from_nothing_to_a_report_through_run_sh()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "run.sh");
        var demo = await Shell.WaitAsync(Shell.Start(
            Path.Combine(SharedFolder.Repository, "run.sh"), "demo", "--films", "24", "--out", workplace.At("demo")));
        Assert.True(demo.Code == 0, demo.Error);
        Assert.Contains("synthetic", demo.Error, StringComparison.Ordinal);
        Assert.Contains(workplace.At("demo", "run", "report", "report.html"), demo.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(workplace.At("demo", "run", "report", "report.html")));
        var verify = await Shell.RunAsync("verify", workplace.At("demo", "run"), "--json");
        Assert.Equal(24, JsonDocument.Parse(verify.Out).RootElement.GetProperty("films").GetInt32());
    }

    [Fact]
    public async Task No_real_film_without_one_of_the_six_designs_is_said_to_show_one()
    {
        var films = SharedFolder.Require("data", "dicom");
        var scan = await Shell.RunAsync("scan", films, "--run", workplace.At("real"), "--site-key", workplace.At("key"), "--explain", "all");
        Assert.True(scan.Code == 0, scan.Error);
        var verify = await Shell.RunAsync("verify", workplace.At("real"), "--json");
        var ledger = JsonDocument.Parse(verify.Out).RootElement;
        Assert.True(ledger.GetProperty("ok").GetBoolean());
        Assert.Equal(0, ledger.GetProperty("identified").GetInt32());
        Assert.True(ledger.GetProperty("abstained").GetInt32() + ledger.GetProperty("none").GetInt32() >= 3, "the films that decode were not judged");
        Assert.Equal(0, (await Shell.RunAsync("report", workplace.At("real"))).Code);
    }

    private async Task<((int Code, string Out, string Error) Ended, int Parts)> StopAfterFirstPartAsync(string run, Action<Process> stop)
    {
        // One worker and one film a batch, so that there is a middle to stop in; looked for by this thread, which waits for no other.
        var process = Shell.Start(Shell.Program, workplace.ScanSlowly(run, "--workers", "1", "--batch", "1"));
        SpinWait.SpinUntil(() => process.HasExited || Parts() > 0);
        stop(process);
        return (await Shell.WaitAsync(process), Parts());

        int Parts() => Directory.Exists(workplace.At(run, "parts")) ? Directory.GetFiles(workplace.At(run, "parts"), "part-*.parquet").Length : 0;
    }
}
