using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Dicom.Codecs;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>A scan of real films whose pixels the system's libraries decode.</summary>
public sealed class NativeCodecScanTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    [Fact]
    public async Task Rows_say_what_was_left_out_and_are_the_same_isolated_and_in_process()
    {
        var hashes = new List<string[]>();
        foreach (var mode in (NativeCodecMode[])[NativeCodecMode.Isolated, NativeCodecMode.InProcess])
        {
            var run = await ScanAsync($"codecs-{mode}", new() { NativeCodecs = new() { Mode = mode } });
            var rows = SmallArchive.Rows(run);
            Assert.Equal(["reduced_2", "field_of_view", "border"], rows.Single(row => row.Decoder == "openjpeg").Notes); // 2140 rows, and the border wants 385
            Assert.Equal(["field_of_view", "border"], rows.Single(row => row.Decoder == "jpeg-ls").Notes);
            Assert.All(rows, row => Assert.True(row.Reason == Reason.None || row.Status == FilmStatus.Abstained, $"{row.Reason}"));
            Assert.Equal((false, true), (run.Manifest.Settings!.ExactDecode, run.Manifest.Settings.NativeCodecs));
            hashes.Add(SmallArchive.PartHashes(run));
        }

        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public async Task Exact_decode_leaves_nothing_out_and_belongs_to_the_run()
    {
        var run = await ScanAsync("codecs-exact", new() { ExactDecode = true });
        Assert.All(SmallArchive.Rows(run), row => Assert.Equal(["field_of_view", "border"], row.Notes));

        // The same film lossless in two syntaxes: the same pixels.
        Assert.Single(SmallArchive.Rows(run).Select(row => row.PixelHash).Distinct());
        using var device = new CpuDevice(archive.Model, 4, 1);
        var fault = await Assert.ThrowsAsync<RunFolderException>(() => Scan.RunAsync(run, archive.Model, archive.Key, [device], new(), null, CancellationToken.None));
        Assert.Contains("--exact-decode", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Off_gives_a_row_with_the_transfer_syntax()
    {
        var run = await ScanAsync("codecs-off", new() { NativeCodecs = new() { Mode = NativeCodecMode.Off } });

        // JPEG-LS of one component is decoded here.
        var row = SmallArchive.Rows(run).Single(row => row.Decoder != "jpeg-ls");
        Assert.Equal((Reason.UnsupportedTransferSyntax, "1.2.840.10008.1.2.4.90"), (row.Reason, row.Detail));
        Assert.False(run.Manifest.Settings!.NativeCodecs);
    }

    private async Task<RunFolder> ScanAsync(string name, ScanOptions options)
    {
        var films = Directory.CreateDirectory(Path.Combine(archive.Folder, name + "-films")).FullName;
        foreach (var film in (string[])["hip_cr_j2k90.dcm", "hip_cr_jls80.dcm"]) File.Copy(SharedFolder.Require("data", "dicom", film), Path.Combine(films, film));
        NativeLibraries.Require("openjpeg");
        var run = await archive.IndexAsync(name, archive: films);
        using var device = new CpuDevice(archive.Model, 4, 1);
        await Scan.RunAsync(run, archive.Model, archive.Key, [device], options with { Explain = ExplainPolicy.None }, null, CancellationToken.None);
        return run;
    }
}
