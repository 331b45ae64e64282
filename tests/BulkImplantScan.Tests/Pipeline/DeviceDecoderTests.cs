using BulkImplantScan.Dicom;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>JPEG lossless films decoded on the device of a scan: ILGPU's CPU accelerator here.</summary>
public sealed class DeviceDecoderTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    private const int Films = 12;
    private static readonly DecodeMemory Room = new(Films: 3, CodedBytes: 1 << 15, PixelBytes: 1 << 15); // three films of 64 pixels

    [Fact]
    public async Task Rows_do_not_depend_on_where_films_were_decoded()
    {
        var (lossless, films) = Archive("rows");
        var (_, expected) = await ScanAsync("rows-processor", films, _ => { });
        var (notes, hashes) = await ScanAsync("rows-device", films, device => device.OpenDecoder(it => new(it, Room, watched: 0)));
        Assert.True(lossless >= 3, $"{lossless} films in JPEG lossless");
        Assert.EndsWith($"decoded {lossless} films in JPEG lossless", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal(expected, hashes);
    }

    [Fact]
    public async Task Films_that_the_device_has_no_room_for_or_gives_up_are_decoded_by_the_processor()
    {
        var (_, films) = Archive("broken", broken: 6);
        var cut = Directory.GetFiles(films, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First(IsLossless);
        var bytes = File.ReadAllBytes(cut);
        ((byte[])[0xFF, 0xD9]).CopyTo(bytes, bytes.Length * 3 / 4); // the end of the image, in the middle of it
        File.WriteAllBytes(cut, bytes);
        var (_, expected) = await ScanAsync("broken-processor", films, _ => { });
        var (notes, hashes) = await ScanAsync("broken-device", films, device => device.OpenDecoder(it => new(it, Room, watched: 0)));
        Assert.Equal(expected, hashes);
        Assert.EndsWith("; 1 that it gave up were decoded by the processor", Assert.Single(notes), StringComparison.Ordinal);

        var (nothing, same) = await ScanAsync("no-room", films, device => device.OpenDecoder(it => new(it, Room with { PixelBytes = 1 << 10 }, watched: 0)));
        Assert.Empty(nothing);
        Assert.Equal(expected, same);
    }

    [Fact]
    public async Task A_device_that_decodes_wrongly_is_not_asked_again_and_no_row_shows_it()
    {
        var (_, films) = Archive("wrong");
        var (_, expected) = await ScanAsync("wrong-processor", films, _ => { });
        var (notes, hashes) = await ScanAsync("wrong-device", films, device => device.OpenDecoder(it => new(it, Room) { Spoil = pixels => pixels[^1] ^= 1 }));
        Assert.Equal(expected, hashes);
        Assert.Contains(notes, note => note.EndsWith("the processor does: it decoded a film otherwise than the processor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_device_is_trusted_once_the_processor_has_agreed_with_it_often_enough()
    {
        var (lossless, films) = Archive("trusted");
        var processor = 0;
        DecodeFilm counted = (file, dataset, frame, settings, pool, holder) =>
        {
            if (dataset.TransferSyntax == TransferSyntaxes.JpegLosslessSv1) Interlocked.Increment(ref processor);
            return FrameDecoder.Decode(file, dataset, frame, settings, pool, holder);
        };
        await ScanAsync("trusted", films, device => device.OpenDecoder(it => new(it, Room, watched: 2)), new() { SelfCheckEvery = 0, DecodeFilm = counted }, workers: 1);
        Assert.Equal(2, processor);
        Assert.True(lossless > 2);
    }

    [Fact]
    public async Task A_device_that_begins_to_decode_wrongly_later_is_met_by_the_self_check()
    {
        var (_, films) = Archive("later");
        var fault = await Assert.ThrowsAsync<SelfCheckException>(() => ScanAsync(
            "later-device", films, device => device.OpenDecoder(it => new(it, Room, watched: 0) { Spoil = pixels => pixels[0] ^= 1 }), new() { SelfCheckEvery = 1 }));
        Assert.Contains("stored pixels by jpeg-lossless", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_refuses_leaves_it_to_the_processor_and_says_why()
    {
        var (_, films) = Archive("refuses");
        var (_, expected) = await ScanAsync("refuses-processor", films, _ => { });
        var (full, fullParts) = await ScanAsync("full", films, device => device.OpenDecoder(_ => throw new CudaErrorException("cuMemAlloc", 2)));
        Assert.EndsWith("does not decode JPEG lossless, the processor does: it has no memory for that", Assert.Single(full), StringComparison.Ordinal);
        Assert.Equal(expected, fullParts);

        var (kernels, kernelParts) = await ScanAsync("kernels", films, device => device.OpenDecoder(_ => throw new CudaErrorException("cuModuleLoadData", 218)));
        Assert.Contains("218", Assert.Single(kernels), StringComparison.Ordinal);
        Assert.Equal(expected, kernelParts);

        // And one that begins to refuse later.
        var (later, laterParts) = await ScanAsync(
            "refuses-later", films, device => device.OpenDecoder(it => new(it, Room) { Spoil = _ => throw new CudaErrorException("cuLaunchKernel", 1) }));
        Assert.Contains(later, note => note.Contains("decodes no more films in JPEG lossless, the processor does: ", StringComparison.Ordinal));
        Assert.Equal(expected, laterParts);
    }

    [Fact]
    public async Task A_device_that_is_lost_ends_the_scan()
    {
        var (_, films) = Archive("lost");
        var fault = await Assert.ThrowsAsync<ScanFaultException>(() => ScanAsync(
            "lost-device", films, device => device.OpenDecoder(it => new(it, Room) { Spoil = _ => throw new CudaErrorException("cuStreamSynchronize", 719) })));
        Assert.True(DeviceFault.IsLost(fault));
    }

    [Fact]
    public void A_lane_takes_a_small_part_of_the_device_and_of_its_host()
    {
        var h200 = DecodeMemory.For(141L << 30);
        Assert.Equal((256 << 20, 128 << 20), (h200.PixelBytes, h200.CodedBytes));
        Assert.Equal(64 << 20, DecodeMemory.For(4L << 30).PixelBytes);
    }

    private async Task<(IReadOnlyCollection<string> Notes, string[] Parts)> ScanAsync(string name, string films, Action<IlgpuDevice> open, ScanOptions? options = null, int workers = 4)
    {
        var run = await archive.IndexAsync(name, archive: films);
        var device = IlgpuDevice.OnEmulator(archive.Model, 2);
        open(device);
        Assert.True((await archive.ScanAsync(run, device, workers, options: options ?? new() { SelfCheckEvery = 0 })).IsComplete);
        return (device.Notes, SmallArchive.PartHashes(run));
    }

    /// <summary>Films of 64 pixels, and how many of them are in JPEG lossless and of a device.</summary>
    private (int Lossless, string Films) Archive(string name, int broken = 0)
    {
        var folder = Path.Combine(archive.Folder, $"{name}-phantoms");
        PhantomArchive.Write(new() { Count = Films, Broken = broken, OutFolder = folder, Seed = 21, LongSidePixels = 64 }, null, CancellationToken.None);
        var films = Path.Combine(folder, "films");
        var lossless = Directory.GetFiles(films, "*", SearchOption.AllDirectories).Count(IsLossless);
        return (lossless, films);
    }

    private static bool IsLossless(string film) => File.ReadAllBytes(film).AsSpan().IndexOf("1.2.840.10008.1.2.4.70"u8) is >= 0 and < 1024;
}
