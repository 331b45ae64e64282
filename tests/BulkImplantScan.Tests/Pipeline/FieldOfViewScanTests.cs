using BulkImplantScan.Dicom;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Dicom;
using BulkImplantScan.Tests.Imaging;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class FieldOfViewScanTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    private const int Rows = 240;
    private const int Columns = 200;
    private static readonly FieldOfView Field = new(40, 30, 170, 140);

    [Theory]
    [InlineData(InputField.Crop)]
    [InlineData(InputField.Whole)]
    public async Task No_pixel_of_text_in_the_border_reaches_an_overlay(InputField shown)
    {
        // Films that differ in the border's text alone. Below the map their pictures must be the same, bit by bit; a network that is
        // given the whole film sees the text and may look elsewhere, so in both cases an empty map is drawn: only the picture counts.
        var overlays = new List<byte[]>();
        foreach (var text in new int?[] { null, 4095, 2000 }) overlays.Add(await PictureAsync($"text-{text}-{shown}", text, shown, new()));
        Assert.Equal(overlays[0], overlays[1]);
        Assert.Equal(overlays[0], overlays[2]);

        // The text was there to be seen: without the crop of the overlay it is.
        Assert.NotEqual(
            await PictureAsync($"bare-whole-{shown}", null, shown, new() { OverlayCrop = false }),
            await PictureAsync($"text-whole-{shown}", 4095, shown, new() { OverlayCrop = false }));
    }

    [Fact]
    public async Task The_map_of_a_network_that_sees_the_field_alone_does_not_know_the_text_either()
    {
        var overlays = new List<byte[]>();
        foreach (var text in new int?[] { null, 4095, 2000 }) overlays.Add(Assert.Single(await OverlaysAsync($"map-{text}", text, new())));
        Assert.Equal(overlays[0], overlays[1]);
        Assert.Equal(overlays[0], overlays[2]);
    }

    [Fact]
    public async Task Without_the_overlays_crop_the_whole_film_is_drawn_with_its_border()
    {
        var cropped = Assert.Single(await OverlaysAsync("cropped", 4095, new()));
        var bare = Assert.Single(await OverlaysAsync("bare", null, new() { OverlayCrop = false }));
        var written = Assert.Single(await OverlaysAsync("written", 4095, new() { OverlayCrop = false }));
        Assert.NotEqual(bare, written);
        Assert.NotEqual(cropped, written);
        Assert.Equal((32, 27), Size(written)); // 240 × 200
        Assert.Equal((32, 26), Size(cropped)); // 170 × 140
    }

    [Fact]
    public async Task The_row_says_the_field_and_places_the_peak_on_the_whole_film()
    {
        var row = Assert.Single(await RowsAsync("row", 4095, new()));
        Assert.Equal((Field.Top, Field.Left, Field.Rows, Field.Columns), (row.FieldTop, row.FieldLeft, row.FieldHeight, row.FieldWidth));
        Assert.Equal(["field_of_view", "border"], row.Notes);
        Assert.InRange(row.CamPeakY!.Value, (float)Field.Top / Rows, (float)(Field.Top + Field.Rows) / Rows);
        Assert.InRange(row.CamPeakX!.Value, (float)Field.Left / Columns, (float)(Field.Left + Field.Columns) / Columns);

        var off = Assert.Single(await RowsAsync("off", 4095, new() { FieldOfView = FieldOfViewMode.Off }));
        Assert.Null(off.FieldTop);
        Assert.Empty(off.Notes);
        Assert.NotEqual(row.Energy, off.Energy);
        Assert.Equal(row.PixelHash, off.PixelHash);
    }

    [Fact]
    public async Task The_device_path_shows_the_network_the_same_field()
    {
        var cpu = Assert.Single(await RowsAsync("field-cpu", 4095, new()));
        var emulated = Assert.Single(await RowsAsync("field-emulated", 4095, new(), model => IlgpuDevice.OnEmulator(model, 1)));
        Assert.Equal(cpu.FieldLeft, emulated.FieldLeft);
        Assert.Equal(cpu.CamPeakY, emulated.CamPeakY);
        Assert.Equal(cpu.Energy!.Value, emulated.Energy!.Value, 1e-3f); // inputs differ by up to 1/1023 of full scale
    }

    [Fact]
    public void On_a_picture_of_the_whole_film_the_map_lies_on_what_the_network_was_shown()
    {
        var input = new InputGeometry(1, 32, 32, [0], [1]);
        var picture = new FilmPicture(new byte[32 * 32], 32, 32);
        var map8 = new byte[16];
        Array.Fill(map8, (byte)255);
        var png = Overlay.OnPicture(picture, new(0, 0, 64, 64), new(16, 32, 32, 32), input, new(0, 0, 32, 32), map8, new(1, 4, 4));
        var plain = PngWriter.Rgb(Expected(), 32, 32);
        Assert.Equal(plain, png);

        static byte[] Expected()
        {
            var rgb = new byte[3 * 32 * 32];
            for (var y = 8; y < 24; y++)
                for (var x = 16; x < 32; x++)
                    for (var c = 0; c < 3; c++) rgb[(3 * ((y * 32) + x)) + c] = (byte)((0.65f * HeatColours.Rgb[(3 * 255) + c]) + 0.5f);
            return rgb;
        }
    }

    private async Task<FilmRow[]> RowsAsync(string name, int? text, ScanOptions options, Func<ModelPackage, ComputeDevice>? open = null) =>
        SmallArchive.Rows(await ScanAsync(name, text, options, open));

    private async Task<byte[][]> OverlaysAsync(
        string name, int? text, ScanOptions options, Func<ModelPackage, ComputeDevice>? open = null, InputField shown = InputField.Crop)
    {
        var run = await ScanAsync(name, text, options with { Explain = ExplainPolicy.All }, open, shown);
        return [.. Directory.GetFiles(run.OverlaysPath, "*.png").Select(File.ReadAllBytes)];
    }

    private async Task<byte[]> PictureAsync(string name, int? text, InputField shown, ScanOptions options) => Assert.Single(await OverlaysAsync(
        name, text, options, model => new WrappedDevice(new CpuDevice(model, 1, 1), slot => new EmptyMap(slot)), shown));

    private async Task<RunFolder> ScanAsync(
        string name, int? text, ScanOptions options, Func<ModelPackage, ComputeDevice>? open, InputField shown = InputField.Crop)
    {
        var films = Path.Combine(archive.Folder, "films-" + name);
        Directory.CreateDirectory(films);
        using (var film = Film(text))
        {
            var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
                .Text(DicomTags.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.1.1").Text(DicomTags.SopInstanceUid, "UI", "1.2.3")
                .Text(DicomTags.Modality, "CS", "DX").Text(DicomTags.BodyPartExamined, "CS", "HIP")
                .ImagePixel(Rows, Columns, 16, 12).Text(DicomTags.WindowCenter, "DS", "2048").Text(DicomTags.WindowWidth, "DS", "4096")
                .Words(DicomBytes.PixelData, "OW", film.Samples<ushort>());
            await File.WriteAllBytesAsync(Path.Combine(films, "film"), file.ToArray());
        }

        var run = await archive.IndexAsync("run-" + name, archive: films);
        var model = archive.Model with { Input = archive.Model.Input with { FieldOfView = shown } };
        using var device = open is null ? new CpuDevice(model, 1, 1) : open(model);
        await Scan.RunAsync(run, model, archive.Key, [device], options, null, CancellationToken.None);
        return run;
    }

    /// <summary>A field of tissue in a black border; text of a brightness in it, or none.</summary>
    private static StoredPixels Film(int? text) => Films.Of(SampleKind.U16, Rows, Columns, (y, x) =>
        y >= Field.Top && y < Field.Top + Field.Rows && x >= Field.Left && x < Field.Left + Field.Columns
            ? 1200 + (int)(500 * Math.Sin(x / 17.0) * Math.Cos(y / 23.0)) + ((x * y) % 37)
            : y is > 10 and < 20 && x is > 40 and < 150 && x % 5 < 2 ? text ?? 0 : 0, bitsStored: 12);

    private static (int Height, int Width) Size(byte[] png) => (
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));

    /// <summary>A Grad-CAM of nothing.</summary>
    private sealed class EmptyMap(BatchSlot slot) : WrappedSlot(slot)
    {
        public override CamSummary Cam(int place) =>
            new(new byte[base.Cam(place).Map8.Length], 0, float.NaN, float.NaN, float.NaN, IsEmpty: true, IsFinite: true);
    }
}
