using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Dicom;
using BulkImplantScan.Tests.Imaging;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class RegionScanTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    // Of 64 cells of 6 pixels, the middle between two; and each half leaves the same bar of the input to either side: an odd pixel would lie on the other side in the mirror.
    private const int Rows = 324, Columns = 384, Middle = 204;
    private static readonly ScanOptions Hips = new() { Regions = RegionMode.Auto, SelfCheckEvery = 1 };

    [Fact]
    public async Task Pelves_have_a_row_a_hip_other_films_one_and_every_film_counts_once()
    {
        var run = await PhantomsAsync("pelves");
        await archive.ScanAsync(run, options: Hips);
        var rows = SmallArchive.Rows(run);
        var pelves = rows.Where(row => row.Region != "whole").GroupBy(row => row.FilmIndex).ToArray();
        Assert.InRange(pelves.Length, 4, 30);
        Assert.All(pelves, pelvis => Assert.Equal(["left", "right"], pelvis.Select(row => row.Region)));
        Assert.All(pelves, pelvis => Assert.Equal("PELVIS", pelvis.First().Facts.BodyPart));
        Assert.Contains(rows, row => row.Region == "whole" && row.Facts.BodyPart == "HIP");
        Assert.Contains(rows, row => row.Region == "whole" && row.Status == FilmStatus.Failed);
        Assert.Equal(rows.OrderBy(row => row.FilmIndex).ThenBy(row => row.Region, StringComparer.Ordinal).Select(row => (row.FilmIndex, row.Region)), rows.Select(row => (row.FilmIndex, row.Region)));

        var ledger = Ledger.Check(run.FullPath);
        Assert.True(ledger.Ok, string.Join(' ', ledger.Problems));
        Assert.Equal(ledger.Films + pelves.Length, ledger.Rows);
        Assert.Equal(ledger.Films, ledger.Identified + ledger.None + ledger.Abstained + ledger.Rejected + ledger.Failed);
        Assert.Equal("auto", RunFolder.Open(run.FullPath).Manifest.Settings!.Regions);
    }

    [Fact]
    public async Task Neither_batches_that_part_two_hips_nor_workers_nor_a_stop_change_a_byte()
    {
        var run = await PhantomsAsync("once");
        var outcome = await archive.ScanAsync(run, batch: 4, options: Hips);
        Assert.Equal(outcome.Meter.Films, outcome.Meter.Published);
        var expected = SmallArchive.PartHashes(run);
        foreach (var (batch, workers) in new[] { (1, 1), (3, 4) })
        {
            var again = await PhantomsAsync($"again-{batch}");
            await archive.ScanAsync(again, batch: batch, workers: workers, options: Hips);
            Assert.Equal(expected, SmallArchive.PartHashes(again));
        }

        File.Delete(run.PartPath(1));
        await archive.ScanAsync(run, batch: 2, options: Hips);
        Assert.Equal(expected, SmallArchive.PartHashes(run));
    }

    [Fact]
    public async Task A_run_of_whole_films_is_not_continued_by_hips()
    {
        var run = await PhantomsAsync("whole");
        await archive.ScanAsync(run, options: new() { Regions = RegionMode.Whole });
        Assert.All(SmallArchive.Rows(run), row => Assert.Equal("whole", row.Region));
        var refused = await Assert.ThrowsAsync<RunFolderException>(() => archive.ScanAsync(run, options: Hips));
        Assert.Contains("choice of regions (whole, not auto)", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("emulator")]
    public async Task The_left_hip_of_a_film_is_the_right_one_of_its_mirror_image(string device)
    {
        var film = await RowsAsync($"film-{device}", mirrored: false, "L\\F", device);
        var image = await RowsAsync($"image-{device}", mirrored: true, "L\\F", device);
        AssertSame(film[0], image[1], flipped: true);
        AssertSame(film[1], image[0], flipped: true);
        Assert.NotEqual(film[0].Energy, film[1].Energy);
        Assert.Contains(DecodeNote.Mirrored, film[0].Notes);
        Assert.DoesNotContain(DecodeNote.Mirrored, film[1].Notes);

        // Left of the patient is to the right of the film, and so are map and peak.
        Assert.Equal((Middle, Columns - Middle, 0, Middle), (film[0].FieldLeft, film[0].FieldWidth, film[1].FieldLeft, film[1].FieldWidth));
        Assert.InRange(film[0].CamPeakX!.Value, Middle / (float)Columns, 1);
        Assert.InRange(film[1].CamPeakX!.Value, 0, Middle / (float)Columns);
    }

    [Fact]
    public async Task Patient_orientation_says_which_half_is_whose()
    {
        var (usual, turned) = (await RowsAsync("usual", mirrored: false, "L\\F", "cpu"), await RowsAsync("turned", mirrored: true, "R\\F", "cpu"));
        AssertSame(usual[0], turned[0], flipped: true);
        AssertSame(usual[1], turned[1], flipped: true);
        Assert.Equal(0, turned[0].FieldLeft);
    }

    [Fact]
    public async Task A_film_of_one_side_is_never_cut()
    {
        Assert.Equal("whole", Assert.Single(await RowsAsync("one-side", mirrored: false, "L\\F", "cpu", laterality: "R")).Region);
        Assert.Equal("whole", Assert.Single(await RowsAsync("narrow", mirrored: false, "L\\F", "cpu", spacing: "0.5")).Region);
    }

    [Fact]
    public async Task Each_hip_has_its_picture_and_the_report_shows_both()
    {
        var run = await RunAsync("pictures", mirrored: false, "L\\F", "cpu", options: Hips with { Explain = ExplainPolicy.All });
        var key = SmallArchive.Rows(run)[0].FilmKey;
        Assert.Equal([$"{key}-left.png", $"{key}-right.png"], Directory.GetFiles(run.OverlaysPath).Select(Path.GetFileName).Order());

        var whole = await RunAsync("pictures-whole", mirrored: false, "L\\F", "cpu", options: Hips with { Explain = ExplainPolicy.All, OverlayCrop = false });
        Assert.All(Directory.GetFiles(whole.OverlaysPath), path => Assert.Equal(32, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(path).AsSpan(16))));
    }

    [Fact]
    public async Task The_side_of_a_hip_is_that_of_its_half()
    {
        var run = await RunAsync("sides", mirrored: false, "L\\F", "cpu");
        using var database = RunDatabase.Open(run.FullPath);
        using var answer = database.Query("SELECT region, side FROM judged ORDER BY ALL");
        Assert.Equal([("left", "L"), ("right", "R")], answer.Rows().Select(row => ((string)row[0]!, (string)row[1]!)));
    }

    private static void AssertSame(FilmRow expected, FilmRow actual, bool flipped)
    {
        // The pixels under one of the input are added from the other side: the last digits differ.
        Assert.Equal(expected.Energy!.Value, actual.Energy!.Value, 1e-5f);
        for (var i = 0; i < expected.Probabilities.Length; i++) Assert.Equal(expected.Probabilities[i], actual.Probabilities[i], 1e-6f);
        Assert.Equal(expected.CamPeakY, actual.CamPeakY);
        Assert.Equal(flipped ? 1 - expected.CamPeakX!.Value : expected.CamPeakX!.Value, actual.CamPeakX!.Value, 1e-5f);
        byte[] cam = [.. expected.Cam.Chunk(expected.CamWidth).SelectMany(row => flipped ? row.Reverse() : row)];
        for (var i = 0; i < cam.Length; i++) Assert.InRange(cam[i] - actual.Cam[i], -1, 1);
    }

    private async Task<RunFolder> PhantomsAsync(string name)
    {
        var phantoms = Path.Combine(archive.Folder, "mixed");
        if (!Directory.Exists(phantoms))
        {
            PhantomArchive.Write(
                new() { Count = 30, Broken = 3, OutFolder = phantoms, Seed = 8, LongSidePixels = 200, View = ViewChoice.Mixed }, null, CancellationToken.None);
        }

        return await archive.IndexAsync("regions-" + name, archive: Path.Combine(phantoms, "films"));
    }

    private async Task<FilmRow[]> RowsAsync(
        string name, bool mirrored, string orientation, string device, string laterality = "B", string spacing = "1") =>
        SmallArchive.Rows(await RunAsync(name, mirrored, orientation, device, laterality, spacing));

    private async Task<RunFolder> RunAsync(
        string name, bool mirrored, string orientation, string device, string laterality = "B", string spacing = "1", ScanOptions? options = null)
    {
        var films = Path.Combine(archive.Folder, "one-" + name);
        Directory.CreateDirectory(films);
        using (var film = Films.Of(SampleKind.U16, Rows, Columns, (y, x) => Pelvis(y, mirrored ? Columns - 1 - x : x), bitsStored: 12))
        {
            var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
                .Text(DicomTags.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.1.1").Text(DicomTags.SopInstanceUid, "UI", "1.2.3")
                .Text(DicomTags.Modality, "CS", "DX").Text(DicomTags.BodyPartExamined, "CS", "PELVIS").Text(DicomTags.ImagerPixelSpacing, "DS", $"{spacing}\\{spacing}")
                .Text(DicomTags.PatientOrientation, "CS", orientation).Text(DicomTags.ImageLaterality, "CS", laterality)
                .ImagePixel(Rows, Columns, 16, 12).Text(DicomTags.WindowCenter, "DS", "2048").Text(DicomTags.WindowWidth, "DS", "4096")
                .Words(DicomBytes.PixelData, "OW", film.Samples<ushort>());
            await File.WriteAllBytesAsync(Path.Combine(films, "film"), file.ToArray());
        }

        var run = await archive.IndexAsync("run-" + name, archive: films);
        using ComputeDevice opened = device == "cpu" ? new CpuDevice(archive.Model, 1, 1) : IlgpuDevice.OnEmulator(archive.Model, 1);
        await Scan.RunAsync(run, archive.Model, archive.Key, [opened], options ?? Hips, null, CancellationToken.None);
        return run;
    }

    /// <summary>Much like its mirror image about <see cref="Middle"/>, with metal on one side.</summary>
    private static int Pelvis(int y, int x)
    {
        double at = x + 0.5 - Middle, beside = Math.Abs(at);
        if (at is > 60 and < 75 && y is > 80 and < 260) return 4000;
        return 1600 + (int)((700 * Math.Sin(beside / 9) * Math.Cos(y / 13.0)) + (500 * Math.Sin((beside + y) / 21)));
    }
}
