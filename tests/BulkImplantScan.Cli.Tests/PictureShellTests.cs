using BulkImplantScan.Imaging;

namespace BulkImplantScan.Cli.Tests;

public sealed class PictureShellTests(Workplace workplace) : IClassFixture<Workplace>
{
    [Fact]
    public async Task Exported_pictures_are_scanned_with_a_sidecar_and_a_mix_up_of_patients_is_said()
    {
        Directory.CreateDirectory(workplace.At("exports"));
        var film = PngWriter.Grey([.. Enumerable.Range(0, 300 * 300).Select(i => (byte)(i * i / 300))], 300, 300);
        foreach (var name in (string[])["a.png", "b.png", "c.png"]) await File.WriteAllBytesAsync(workplace.At("exports", name), film);
        await File.WriteAllTextAsync(workplace.At("films.csv"), "file;patient;study_date;side\r\na.png;1;14.03.2019;L\r\nb.png;1;14.03.2019;L\r\nc.png;2;14.03.2019;L\r\ngone.png;3;;\r\n");

        string[] command = ["scan", workplace.At("exports"), "--run", workplace.At("pictures"), "--model", workplace.At("model"), "--site-key", workplace.At("key")];
        var scan = await Shell.RunAsync([.. command, "--sidecar", workplace.At("films.csv")]);
        Assert.True(scan.Code == 0, scan.Error);
        Assert.Contains("1 of 4 files of the sidecar are not there", scan.Error, StringComparison.Ordinal);
        Assert.Contains("2 duplicates, counted once: 1 with the pixels of another under another UID or none, 1 with the pixels of a film of ANOTHER PATIENT", scan.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Shell.RunAsync(command)).Code); // nothing said of pictures: the run as it is

        var verify = await Shell.RunAsync("verify", workplace.At("pictures"));
        Assert.Contains("ANOTHER PATIENT", verify.Out, StringComparison.Ordinal);
        verify = await Shell.RunAsync("verify", workplace.At("pictures"), "--json");
        Assert.Contains("\"duplicate_kinds\":{\"same_instance\":0,\"conflicting\":0,\"same_pixels\":1,\"other_patient\":1,\"reused_uid\":0}", verify.Out, StringComparison.Ordinal);
        var report = await Shell.RunAsync("report", workplace.At("pictures"));
        Assert.Contains("ANOTHER PATIENT", report.Error, StringComparison.Ordinal);
        Assert.Contains("ANOTHER PATIENT", await File.ReadAllTextAsync(workplace.At("pictures", "report", "report.html")), StringComparison.Ordinal);

        // The question of docs/statistics.md.
        var sql = await Shell.RunAsync("sql", workplace.At("pictures"), "--csv", """
            SELECT f.duplicate_kind, decode(i.path) AS file, decode(o.path) AS original
            FROM films f JOIN inventory i USING (film_key) LEFT JOIN inventory o ON o.film_key = f.duplicate_of
            WHERE f.duplicate_kind IN ('other_patient', 'conflicting', 'reused_uid') ORDER BY ALL
            """);
        Assert.Equal("duplicate_kind,file,original\nother_patient,c.png,a.png\n", sql.Out);

        var inspect = await Shell.RunAsync("inspect", workplace.At("exports", "a.png"));
        Assert.Contains("a.png: decoded  – 300×300×1 8 bits MONOCHROME2  png/full-range", inspect.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contradictions_and_wrong_sidecars_are_usage_errors_before_anything_is_indexed()
    {
        await File.WriteAllTextAsync(workplace.At("wrong.csv"), "file,side\na.png,X\n");
        foreach (var (flags, says) in ((string[], string)[])
        [
            (["--pictures", "off", "--sidecar", workplace.At("wrong.csv")], "contradict each other"), (["--pictures", "listed"], "add --sidecar"),
            (["--sidecar", workplace.At("wrong.csv")], "line 2: \"side\" is none of"), (["--sidecar", workplace.At("nowhere.csv")], "cannot be read"),
        ])
        {
            var index = await Shell.RunAsync(["index", workplace.Archive, "--run", workplace.At("never"), "--site-key", workplace.At("key"), .. flags]);
            Assert.True(index.Code == 2, index.Error);
            Assert.Contains(says, index.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(workplace.At("never")));
        }
    }
}
