using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Tests.Dicom;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class SelfCheckTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    [Fact]
    public async Task An_honest_scan_passes_and_its_rows_are_those_of_an_unchecked_one()
    {
        var expected = await archive.IndexAsync("unchecked");
        await archive.ScanAsync(expected, options: new() { SelfCheckEvery = 0 });
        var run = await archive.IndexAsync("checked");
        Assert.True((await archive.ScanAsync(run, options: new() { SelfCheckEvery = 1 })).IsComplete);
        Assert.Equal(SmallArchive.PartHashes(expected), SmallArchive.PartHashes(run));
    }

    [Fact]
    public async Task Real_films_pass()
    {
        var run = await archive.IndexAsync("checked-real", archive: SharedFolder.Require("data", "dicom"));
        Assert.True((await archive.ScanAsync(run, options: new() { SelfCheckEvery = 1 })).IsComplete);
        Assert.Contains(SmallArchive.Rows(run), row => row.TopClass is not null);
    }

    [Fact]
    public async Task The_device_path_passes_too()
    {
        // The emulator works thread by thread: few and small films.
        var films = Directory.CreateDirectory(Path.Combine(archive.Folder, "checked-few")).FullName;
        foreach (var (file, i) in Directory.GetFiles(archive.FilmsFolder, "*", SearchOption.AllDirectories).Order().Take(3).Select((file, i) => (file, i)))
            File.Copy(file, Path.Combine(films, $"{i}"));
        var run = await archive.IndexAsync("checked-emulated", archive: films);
        Assert.True((await archive.ScanAsync(run, IlgpuDevice.OnEmulator(archive.Model, 2), options: new() { SelfCheckEvery = 1 })).IsComplete);
    }

    [Fact]
    public void The_plain_decoder_gives_the_pixels_of_every_film_of_every_codec()
    {
        using var pool = new PixelBufferPool();
        var files = OracleFile.Read("pixel-cases.csv.gz").Select(line => (line[0], Convert.FromBase64String(line[2])))
            .Concat(OracleFile.Read("compressed-cases.csv.gz").Select(line => (line[0], Convert.FromBase64String(line[3]))))
            .Concat(SharedFolder.Films().Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))));
        var (plain, again) = (0, 0);
        foreach (var (name, file) in files)
        {
            var dataset = new DicomDataset();
            using var parsed = ParsedFile.Open(file, dataset, pool);
            if (parsed.Outcome.Status != ParseStatus.Ok) continue;
            for (var frame = 1; frame <= Math.Min(3, dataset.DescribePixels(parsed.Bytes).NumberOfFrames); frame++)
            {
                var decoded = FrameDecoder.Decode(parsed.Bytes, dataset, frame, DecodeSettings.Exact, pool);
                if (decoded.Pixels is not { } pixels) continue;
                using (pixels)
                {
                    SelfCheck.RequireSamePixels(name, parsed.Bytes, dataset, frame, DecodeSettings.Exact, decoded, pool);
                    if (PlainDecoder.TryCompare(parsed.Bytes, dataset, frame, decoded.Decoder, pixels, pool, out _)) plain++;
                    else again++;

                    // And one bit of it turned over is seen, wherever it is.
                    pixels.Bytes[name.Length * 7919 % pixels.Bytes.Length] ^= 1;
                    Assert.Throws<SelfCheckException>(
                        () => Check(file, name, frame, decoded, pool));
                }
            }
        }

        Assert.True(plain > 100 && again > 50, $"{plain} with the plain decoder, {again} decoded twice");
    }

    [Fact]
    public async Task A_decoder_that_gives_a_wrong_pixel_stops_the_scan()
    {
        DecodeOutcome Broken(ReadOnlySpan<byte> file, DicomDataset dataset, int frame, DecodeSettings settings, PixelBufferPool pool, PixelBuffer? holder)
        {
            var decoded = FrameDecoder.Decode(file, dataset, frame, settings, pool);
            if (decoded.Pixels is { } pixels) pixels.Bytes[^2] ^= 1;
            return decoded;
        }

        var run = await archive.IndexAsync("broken-decoder");
        var fault = await Assert.ThrowsAsync<SelfCheckException>(
            () => archive.ScanAsync(run, options: new() { SelfCheckEvery = 1, DecodeFilm = Broken }));
        Assert.Contains("stored pixels by ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(fault.FilmKey, fault.Message, StringComparison.Ordinal);
        Assert.Empty(SmallArchive.PartHashes(run));

        // Nobody would have known.
        Assert.True((await archive.ScanAsync(run, options: new() { SelfCheckEvery = 0, DecodeFilm = Broken })).IsComplete);
    }

    [Theory]
    [InlineData(0.001f)]
    [InlineData(float.NaN)]
    public async Task A_kernel_that_gives_a_wrong_brightness_stops_the_scan(float wrong)
    {
        var run = await archive.IndexAsync($"broken-kernel-{wrong}");
        var device = new WrappedDevice(new CpuDevice(archive.Model, 4, 1), slot => new Slot(slot, wrong));
        var fault = await Assert.ThrowsAsync<SelfCheckException>(() => archive.ScanAsync(run, device, options: new() { SelfCheckEvery = 1 }));
        Assert.Contains("network input at 0, 17, 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_film_in_so_many_is_chosen_by_its_key_alone()
    {
        var keys = Enumerable.Range(0, 200_000).Select(i => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i)))[..32]).ToArray();
        int Chosen(int every) => keys.Count(new SelfCheck(every, archive.Model.Input).IsChosen);
        Assert.Equal(keys.Length, Chosen(1));
        Assert.Equal(0, Chosen(0));
        Assert.InRange(Chosen(10), 19_000, 21_000);
        Assert.InRange(Chosen(ScanOptions.DefaultSelfCheckEvery), 5, 40);
        Assert.Equal(Chosen(1000), keys.Reverse().Count(new SelfCheck(1000, archive.Model.Input).IsChosen));
    }

    private static void Check(byte[] file, string name, int frame, in DecodeOutcome decoded, PixelBufferPool pool)
    {
        var dataset = new DicomDataset();
        using var parsed = ParsedFile.Open(file, dataset, pool);
        SelfCheck.RequireSamePixels(name, parsed.Bytes, dataset, frame, DecodeSettings.Exact, decoded, pool);
    }

    /// <summary>The CPU, but one pixel of each film's network input is off.</summary>
    private sealed class Slot(BatchSlot slot, float wrong) : WrappedSlot(slot)
    {
        public override void Preprocess()
        {
            base.Preprocess();
            for (var place = 0; place < Count; place++)
            {
                // The device's own memory, which the network reads next.
                var input = NetworkInput(place);
                MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(input), input.Length)[17 * 32 + 3] += wrong;
            }
        }
    }
}
