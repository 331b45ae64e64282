using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Tests.Imaging;
using CsCheck;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class DeviceMemoryTests
{
    private static readonly CudaErrorException OutOfMemory = new("cuMemAlloc", 2);

    [Fact]
    public void A_batch_that_does_not_fit_is_halved_once_and_the_device_says_so()
    {
        List<int> asked = [];
        using var device = BatchHalving.Open(64, size =>
        {
            asked.Add(size);
            return size > 32 ? throw OutOfMemory : new NamedDevice(size);
        });
        Assert.Equal([64, 32], asked);
        Assert.Equal("a device has no memory for batches of 64: batches of 32", Assert.Single(device.Notes));
    }

    [Fact]
    public void A_half_that_does_not_fit_either_is_the_end()
    {
        List<int> asked = [];
        Assert.Throws<CudaErrorException>(() => BatchHalving.Open<NamedDevice>(64, size =>
        {
            asked.Add(size);
            throw OutOfMemory;
        }));
        Assert.Equal([64, 32], asked);
    }

    [Fact]
    public void Another_fault_is_not_tried_again()
    {
        var tries = 0;
        Assert.Throws<CudaErrorException>(() => BatchHalving.Open<NamedDevice>(64, _ =>
        {
            tries++;
            throw new CudaErrorException("cuInit", 100);
        }));
        Assert.Equal(1, tries);
    }

    [Fact]
    public void Memory_for_films_is_as_much_as_there_is_and_never_less_than_one_film() =>
        Gen.Select(Gen.Long[1, 1L << 31], Gen.Long[0, 1L << 31], Gen.Long[0, 1L << 31]).Sample((least, more, there) =>
        {
            long Allocate(long bytes) => bytes > there ? throw OutOfMemory : bytes;
            if (there < least)
            {
                Assert.Throws<CudaErrorException>(() => BatchMemory.Most(least + more, least, Allocate, out _));
                return;
            }

            Assert.Equal(BatchMemory.Most(least + more, least, Allocate, out var got), got);
            Assert.InRange(got, least, Math.Min(there, least + more));
            Assert.True(got == least + more || 2 * got > Math.Min(there, least + more) || got == least);
        });

    [Theory]
    [InlineData(8, 16, 1.0)]
    [InlineData(24, 128, 1.5)]
    [InlineData(141, 64, 2.0)]
    [InlineData(141, 128, 4.0)] // 256 films of 10 MB are 2.4 GiB
    [InlineData(1000, 2000, 4.0)]
    public void A_batch_takes_more_memory_where_device_and_host_have_it(long deviceGib, long hostGib, double gib) =>
        Assert.Equal((long)(gib * (1L << 30)), BatchMemory.LargestSlab(deviceGib << 30, hostGib << 30));

    [Fact]
    public void A_batch_of_films_larger_than_its_memory_ends_earlier_and_an_empty_slot_has_room_for_any() => OnEmulator(64, 1L << 30, device =>
    {
        using var slot = device.CreateSlot();
        using var pool = new PixelBufferPool();

        // 64 films of 48 MB are more than a slot takes; each is a film, so the first always fits.
        var staged = 0;
        while (staged < 64 && TryStage(slot, pool, 6000, 4000)) staged++;
        Assert.InRange(staged, 1, 23);
        Assert.Contains("64 films of this size are more than a batch holds (1024 MiB): batches of some 22", device.Notes);
        slot.Clear();
        Assert.True(TryStage(slot, pool, 20_000, 14_000)); // 560 MB
    });

    [Fact]
    public void Where_a_batch_may_take_more_than_2_GiB_it_does() => OnEmulator(64, 4L << 30, device =>
    {
        using var slot = device.CreateSlot();
        using var pool = new PixelBufferPool();
        Assert.True(TryStage(slot, pool, 6000, 4000)); // 64 times 48 MB, of which one film is touched
        Assert.Empty(device.Notes);
        slot.Preprocess();
    });

    [Fact]
    public void A_slot_that_is_given_up_before_its_batch_was_worked_on_gives_all_films_back() => OnEmulator(8, 1L << 30, device =>
    {
        using var slot = device.CreateSlot();
        var films = Enumerable.Range(0, 8).Select(_ => Films.Noise(SampleKind.U16, 2000, 1500, 1)).ToArray();
        foreach (var film in films) Assert.True(slot.TryStage(film, GrayscaleTransform.Linear(0, 4095, inverted: false), FilmView.Whole(film)));
        slot.Clear();
        foreach (var film in films) Assert.Throws<ObjectDisposedException>(() => { _ = film.Bytes.Length; });
        Assert.Equal(0, slot.Count);
    });

    private static void OnEmulator(int batch, long largestSlabBytes, Action<IlgpuDevice> test)
    {
        var folder = Directory.CreateTempSubdirectory("bis-slab-").FullName;
        try
        {
            var model = UntrainedNetwork.Write(
                Path.Combine(folder, "model"), ResidualArchitecture.Tiny, UntrainedNetwork.Catalogue(3), new InputGeometry(1, 32, 32, [0.4f], [0.25f]), seed: 3);
            using var device = IlgpuDevice.OnEmulator(model, batch, largestSlabBytes);
            test(device);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool TryStage(BatchSlot slot, PixelBufferPool pool, int rows, int columns)
    {
        var pixels = new StoredPixels(pool.Rent(2L * rows * columns), SampleKind.U16, rows, columns, 1, 12);
        if (slot.TryStage(pixels, GrayscaleTransform.Linear(0, 4095, inverted: false), FilmView.Whole(pixels))) return true;
        pixels.Dispose();
        return false;
    }

    private sealed class NamedDevice(int batchSize) : ComputeDevice
    {
        public override string Kind => "cuda";

        public override NetworkPrecision Precision => NetworkPrecision.Fp32;

        public override string Description => "a device";

        public override int BatchSize => batchSize;

        public override FeatureMapShape FeatureMapShape => new(1, 1, 1);

        public override void Dispose()
        {
        }

        internal override BatchSlot CreateSlot() => throw new NotSupportedException();
    }
}
