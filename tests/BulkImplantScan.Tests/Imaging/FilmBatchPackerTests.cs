using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace BulkImplantScan.Tests.Imaging;

public class FilmBatchPackerTests
{
    private static readonly InputGeometry Input = new(1, 16, 20, [0.5f], [0.25f]);

    [Fact]
    public void A_film_gives_the_same_bits_wherever_it_lies_in_a_mixed_batch()
    {
        using var film = Films.Noise(SampleKind.U16, 40, 52, 1);
        using var bytes = Films.Noise(SampleKind.S8, 33, 7, 2);
        using var signed = Films.Noise(SampleKind.S16, 12, 60, 3);
        var line = GrayscaleTransform.Linear(10, 60_000, false);
        var table = GrayscaleTransform.FromTable(-40, [0f, 0.3f, 0.8f]);

        var alone = Preprocess.RunKernel(16, Input, (film, line));
        var mixed = Preprocess.RunKernel(2, Input, (bytes, table), (film, line), (signed, table), (film, line));

        Assert.Equal(alone, mixed[Input.FilmLength..(2 * Input.FilmLength)]);
        Assert.Equal(alone, mixed[(3 * Input.FilmLength)..]);
        Assert.DoesNotContain(mixed, float.IsNaN);
    }

    [Fact]
    public void A_film_without_room_is_refused_and_the_batch_stays_as_it_was()
    {
        using var pool = new PixelBufferPool();
        using var slab = pool.Rent(1 << 16);
        using var film = Films.Noise(SampleKind.U16, 10, 10, 1);
        var table = GrayscaleTransform.FromTable(0, new float[100]);
        var packer = new FilmBatchPacker(Input, 3, slab.Address, 3 * FilmDescriptor.Bytes + 400 + (2 * 10 * 32));

        var view = FilmView.Whole(film);
        Assert.True(packer.TryAdd(film, table, view, out var box));
        Assert.Equal(Letterbox.Fit(10, 10, Input.Height, Input.Width), box);
        Assert.True(packer.TryAdd(film, table, view, out _)); // the table is there already
        var bytes = packer.Bytes;
        Assert.False(packer.TryAdd(film, table, view, out _));
        Assert.Equal((2, bytes), (packer.Count, packer.Bytes));
        Assert.Equal(packer.Films[0].TableOffset, packer.Films[1].TableOffset);
        Assert.All(packer.Films.ToArray(), one => Assert.Equal(0, one.ByteOffset % 16));

        packer.Clear();
        Assert.Equal((0, 3 * FilmDescriptor.Bytes), (packer.Count, packer.Bytes));
        Assert.True(packer.TryAdd(film, table, view, out _));
    }

    [Fact]
    public void Films_that_are_copied_later_by_many_threads_lie_as_if_they_had_been_added_one_by_one()
    {
        const int Size = 1 << 20;
        using var pool = new PixelBufferPool();
        using var one = pool.Rent(Size);
        using var another = pool.Rent(Size);
        one.Span(Size).Clear();
        another.Span(Size).Clear();
        var films = Enumerable.Range(0, 12).Select(i => Films.Noise(i % 2 == 0 ? SampleKind.U16 : SampleKind.U8, 90 + i, 60 + 3 * i, seed: i)).ToArray();
        var views = films.Select((film, i) => i % 3 == 0 ? FilmView.Whole(film) : new FilmView(new(i, 5, 60, 40), PixelAspect.Square)).ToArray();
        var table = GrayscaleTransform.FromTable(0, new float[100]);
        FilmBatchPacker added = new(Input, films.Length, one.Address, Size), placed = new(Input, films.Length, another.Address, Size);
        var places = new PackedPlace[films.Length];
        for (var i = 0; i < films.Length; i++)
        {
            Assert.True(added.TryAdd(films[i], table, views[i], out var box));
            Assert.True(placed.TryPlace(films[i], table, views[i], out places[i], out var same));
            Assert.Equal(box, same);
        }

        Assert.False(one.Span(Size).SequenceEqual(another.Span(Size))); // no sample is there yet
        Parallel.For(0, films.Length, i => placed.Copy(films[^(i + 1)], places[^(i + 1)]));
        Assert.Equal(added.Bytes, placed.Bytes);
        Assert.True(one.Span(Size).SequenceEqual(another.Span(Size)));
        foreach (var film in films) film.Dispose();
    }

    [Fact]
    public void Of_a_film_with_a_border_only_the_field_takes_room()
    {
        using var pool = new PixelBufferPool();
        using var slab = pool.Rent(1 << 16);
        using var film = Films.Noise(SampleKind.U16, 40, 30, 1);
        var packer = new FilmBatchPacker(Input, 1, slab.Address, 1 << 16);
        var view = new FilmView(new(3, 5, 10, 16), PixelAspect.Square);
        var line = GrayscaleTransform.Linear(0, 1, false);
        Assert.True(packer.TryAdd(film, line, view, out var box));
        Assert.Equal(Letterbox.Fit(10, 16, Input.Height, Input.Width), box);
        Assert.Equal((new(10, 10, 1, 0), new(16, 16, 1, 0), FilmDescriptor.Bytes + (10L * 16 * 2)), (packer.Films[0].Rows, packer.Films[0].Columns, packer.Bytes));
        Assert.Equal(packer.Bytes, FilmBatchPacker.BytesFor(film, line, view));
    }

    [Fact]
    public void Of_a_reduced_film_only_the_samples_under_the_field_take_room()
    {
        using var pool = new PixelBufferPool();
        using var slab = pool.Rent(1 << 16);
        using var film = Films.Noise(SampleKind.U16, 40, 30, 1, reduction: new(2, 160, 120));
        var packer = new FilmBatchPacker(Input, 1, slab.Address, 1 << 16);

        // Sample j lies on pixel 4j and stands for the pixels from 4j - 1.5 to 4j + 2.5: pixels 3 to 12 are under samples 1 to 3.
        Assert.True(packer.TryAdd(film, GrayscaleTransform.Linear(0, 1, false), new FilmView(new(3, 158 - 40, 10, 2), PixelAspect.Square), out _));
        Assert.Equal((new(10, 3, 4, 1), new(2, 1, 4, 7)), (packer.Films[0].Rows, packer.Films[0].Columns));
    }

    [Theory]
    [InlineData(SampleKind.U8, 15, 16)]
    [InlineData(SampleKind.S8, 16, 16)]
    [InlineData(SampleKind.U16, 9, 32)]
    [InlineData(SampleKind.S16, 16, 32)]
    public void Every_row_begins_where_a_load_of_16_bytes_may(SampleKind kind, int columns, int rowBytes)
    {
        using var pool = new PixelBufferPool();
        using var slab = pool.Rent(1 << 16);
        using var film = Films.Noise(kind, 5, columns, 1);
        var packer = new FilmBatchPacker(Input, 1, slab.Address, 1 << 16);
        Assert.True(packer.TryAdd(film, GrayscaleTransform.Linear(0, 1, false), FilmView.Whole(film), out _));
        var packed = packer.Films[0];
        Assert.Equal((rowBytes, packed.ByteOffset + (5 * rowBytes)), (packed.RowBytes, packer.Bytes));
        var length = columns * film.BytesPerSample;
        for (var row = 0; row < 5; row++)
            Assert.Equal(
                film.Bytes.Slice(row * length, length).ToArray(),
                slab.Span(packer.Bytes).Slice((int)packed.ByteOffset + (row * rowBytes), length).ToArray());
    }

    [Fact]
    public void The_capacity_in_films_is_a_limit_too()
    {
        using var pool = new PixelBufferPool();
        using var slab = pool.Rent(1 << 16);
        using var film = Films.Noise(SampleKind.U8, 4, 4, 1);
        var packer = new FilmBatchPacker(Input, 1, slab.Address, 1 << 16);
        Assert.True(packer.TryAdd(film, GrayscaleTransform.Linear(0, 1, false), FilmView.Whole(film), out _));
        Assert.False(packer.TryAdd(film, GrayscaleTransform.Linear(0, 1, false), FilmView.Whole(film), out _));
    }

    /// <summary>Untouched pages of the slab are never there: no memory of that size is needed.</summary>
    [Fact]
    public unsafe void Films_beyond_2_GiB_of_a_slab_come_out_as_at_its_start()
    {
        const int Capacity = 27_000_000; // descriptors of 2.16 GB come first
        const long Bytes = Capacity * (long)FilmDescriptor.Bytes + (1 << 20);
        var input = new InputGeometry(1, 24, 24, [0.4f], [0.25f]);
        var memory = (nint)NativeMemory.AlignedAlloc((nuint)Bytes, 64);
        try
        {
            using var context = Context.Create(builder => builder.CPU(CPUDeviceKind.Default));
            using var accelerator = context.CreateCPUAccelerator(0);
            using var slab = CPUMemoryBuffer.Create(accelerator, memory, Bytes, 1);
            using var target = accelerator.Allocate1D<float>(2 * input.FilmLength);
            var kernels = new PreprocessKernels(accelerator);
            Assert.Equal(Results(2), Results(Capacity));

            float[] Results(int capacity)
            {
                var packer = new FilmBatchPacker(input, capacity, memory, Bytes);
                for (var i = 0; i < 2; i++)
                {
                    using var film = Films.Noise(i == 0 ? SampleKind.U16 : SampleKind.U8, 60 + i, 70, seed: i, bits: 8);
                    Assert.True(packer.TryAdd(film, i == 0 ? GrayscaleTransform.Linear(10, 200, false) : GrayscaleTransform.Linear(0, 255, true), FilmView.Whole(film), out _));
                }

                Assert.Equal(capacity > 2, packer.Films[1].ByteOffset > int.MaxValue);
                kernels.Launch(accelerator.DefaultStream, slab.AsArrayView<byte>(0, Bytes), target.View, 2, input);
                accelerator.DefaultStream.Synchronize();
                return target.GetAsArray1D();
            }
        }
        finally
        {
            NativeMemory.AlignedFree((void*)memory);
        }
    }
}
