using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

public class PreprocessSimdTests
{
    private static readonly InputGeometry Input = new(1, 224, 224, [0f], [1f]);

    [Fact]
    public void A_film_of_real_size_agrees_with_the_reference()
    {
        using var film = Films.Noise(SampleKind.U16, 2500, 2048, seed: 1, bits: 12);
        var transform = GrayscaleTransform.Linear(100, 3000, inverted: true);
        var target = new float[Input.FilmLength];

        PreprocessSimd.Run(film, transform, Input, target, new());

        var expected = PreprocessReference.Run(film, transform, Input);
        Assert.True(expected.Zip(target, (e, a) => Math.Abs(e - a)).Max() < 1e-5);
    }

    [Fact]
    public void Scratch_that_has_seen_other_films_changes_nothing()
    {
        var scratch = new PreprocessScratch();
        var table = GrayscaleTransform.FromTable(10, [0.1f, 0.9f, 0.4f]);
        var line = GrayscaleTransform.Linear(0, 40_000, false);
        foreach (var (rows, columns, kind) in new[]
        {
            (300, 500, SampleKind.U16), (40, 30, SampleKind.S8), (300, 200, SampleKind.S16), (64, 500, SampleKind.U8),
        })
            foreach (var transform in new[] { table, line })
            {
                using var film = Films.Noise(kind, rows, columns, rows);
                Assert.Equal(
                    Preprocess.Run(Preprocessor.Vectors512, film, transform, Input),
                    Preprocess.Run(Preprocessor.Vectors512, film, transform, Input, scratch));
            }
    }

    [Fact]
    public void Films_after_the_first_allocate_nothing()
    {
        using var film = Films.Noise(SampleKind.U16, 400, 300, seed: 2);
        var transforms = new[] { GrayscaleTransform.Linear(0, 9, false), GrayscaleTransform.FromTable(0, [0f, 1f]) };
        var scratch = new PreprocessScratch();
        var target = new float[Input.FilmLength];
        foreach (var transform in transforms) PreprocessSimd.Run(film, transform, Input, target, scratch);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) PreprocessSimd.Run(film, transforms[i % 2], Input, target, scratch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Colour_32_bit_samples_a_side_of_65536_and_a_short_target_are_refused()
    {
        using var pool = new PixelBufferPool();
        using var colour = new StoredPixels(pool.Rent(48), SampleKind.U8, 4, 4, 3, 8);
        using var wide = new StoredPixels(pool.Rent(64), SampleKind.U32, 4, 4, 1, 32);
        using var tall = new StoredPixels(pool.Rent(65536), SampleKind.U8, 65536, 1, 1, 8);
        using var good = new StoredPixels(pool.Rent(32), SampleKind.U16, 4, 4, 1, 16);
        var transform = GrayscaleTransform.Linear(0, 1, false);
        var target = new float[Input.FilmLength];
        Assert.Throws<ArgumentException>(() => PreprocessSimd.Run(colour, transform, Input, target, new()));
        Assert.Throws<ArgumentException>(() => PreprocessSimd.Run(wide, transform, Input, target, new()));
        Assert.Throws<ArgumentException>(() => PreprocessSimd.Run(tall, transform, Input, target, new()));
        Assert.Throws<ArgumentException>(() => PreprocessSimd.Run(good, transform, Input, target.AsSpan(1), new()));
    }
}
