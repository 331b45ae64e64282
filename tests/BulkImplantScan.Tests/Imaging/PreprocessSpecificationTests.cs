using BulkImplantScan.Imaging;
using CsCheck;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>One specification for all ways to preprocess.</summary>
public class PreprocessSpecificationTests
{
    /// <summary>The promise is 1/1023 of full scale; fp32 sums of some hundred pixels keep three more digits.</summary>
    private const double Tolerance = 1e-5;

    private static readonly InputGeometry Plain = new(1, 24, 20, [0f], [1f]);

    public static TheoryData<Preprocessor> Preprocessors => [.. Enum.GetValues<Preprocessor>()];

    /// <summary>Shrinking, enlarging, both, bars on either side, spans of one pixel, odd sizes.</summary>
    private static readonly (int Rows, int Columns)[] Sizes =
        [(64, 48), (48, 64), (24, 20), (25, 21), (61, 53), (5, 64), (64, 3), (7, 6), (1, 1), (1, 40), (33, 17)];

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void Agrees_with_the_double_precision_reference_for_every_kind_size_and_transform(Preprocessor preprocessor)
    {
        var input = new InputGeometry(3, 24, 20, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
        var seed = 0;
        foreach (var (rows, columns) in Sizes)
            foreach (var kind in new[] { SampleKind.U8, SampleKind.S8, SampleKind.U16, SampleKind.S16 })
                foreach (var transform in Transforms(kind))
                {
                    using var film = Films.Noise(kind, rows, columns, ++seed);
                    var actual = Preprocess.Run(preprocessor, film, transform, input);
                    var expected = PreprocessReference.Run(film, transform, input);
                    for (var i = 0; i < expected.Length; i++)
                        if (!(Math.Abs(expected[i] - actual[i]) <= Tolerance / 0.224))
                            Assert.Fail($"{kind} {rows} x {columns}, {Describe(transform)}: [{i}] is {actual[i]}, not {expected[i]}");
                }
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_field_with_pixels_of_any_shape_agrees_with_the_reference_for_every_kind_and_transform(Preprocessor preprocessor)
    {
        var seed = 500;
        foreach (var (field, aspect) in new (FieldOfView, PixelAspect)[]
        {
            (new(0, 0, 40, 70), PixelAspect.Square), (new(7, 0, 33, 70), new(2, 1)), (new(3, 11, 30, 41), new(1, 3)),
            (new(39, 69, 1, 1), PixelAspect.Square), (new(0, 5, 40, 64), new(65_536 * 3 / 2, 65_536)),
        })
            foreach (var kind in new[] { SampleKind.U8, SampleKind.S8, SampleKind.U16, SampleKind.S16 })
                foreach (var transform in Transforms(kind))
                {
                    using var film = Films.Noise(kind, 40, 70, ++seed);
                    var view = new FilmView(field, aspect);
                    AssertClose(
                        PreprocessReference.Run(film, transform, Plain, view), Preprocess.Run(preprocessor, film, transform, Plain, view: view), Tolerance);
                }
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_field_gives_the_bits_of_the_film_that_was_cut_to_it(Preprocessor preprocessor)
    {
        foreach (var kind in new[] { SampleKind.U8, SampleKind.S16 })
            foreach (var transform in Transforms(kind))
            {
                using var film = Films.Noise(kind, 90, 110, 77);
                using var cut = Films.Of(kind, 61, 83, (y, x) => kind == SampleKind.U8
                    ? film.Samples<byte>()[(y + 13) * 110 + x + 9]
                    : film.Samples<short>()[(y + 13) * 110 + x + 9]);
                Assert.Equal(
                    Preprocess.Run(preprocessor, cut, transform, Plain),
                    Preprocess.Run(preprocessor, film, transform, Plain, view: new(new(13, 9, 61, 83), PixelAspect.Square)));
            }
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_field_beyond_the_film_is_refused(Preprocessor preprocessor)
    {
        using var film = Films.Noise(SampleKind.U16, 20, 20, 1);
        foreach (var field in new FieldOfView[] { new(0, 0, 21, 20), new(1, 0, 20, 20), new(0, -1, 5, 5), new(0, 0, 0, 5), new(int.MaxValue, 0, 1, 1) })
            Assert.Throws<ArgumentException>(() => Preprocess.Run(
                preprocessor, film, GrayscaleTransform.Linear(0, 1, false), Plain, view: new(field, PixelAspect.Square)));
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_film_so_wide_that_one_target_pixel_covers_more_than_a_tile_is_right(Preprocessor preprocessor)
    {
        var input = new InputGeometry(1, 16, 16, [0f], [1f]);
        using var film = Films.Noise(SampleKind.U16, 2, 40_000, 5);
        var transform = GrayscaleTransform.Linear(0, 65535, false);
        AssertClose(PreprocessReference.Run(film, transform, input), Preprocess.Run(preprocessor, film, transform, input), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void Whole_shrink_factors_give_the_pixels_of_OpenCV_INTER_AREA(Preprocessor preprocessor)
    {
        var path = Path.Combine(
            SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Imaging", "Oracle", "opencv_area.csv");
        foreach (var line in File.ReadLines(path))
        {
            var numbers = line.Split(',').Select(double.Parse).ToArray();
            var (rows, columns, height, width) = ((int)numbers[0], (int)numbers[1], (int)numbers[2], (int)numbers[3]);
            var input = new InputGeometry(1, height, width, [0f], [1f]);
            using var film = Films.Of(
                SampleKind.U16, rows, columns, (y, x) => (int)((y * 7919L + x * 104729L + (long)x * y * 31) % 65536));
            var box = Letterbox.Fit(rows, columns, height, width);
            Assert.Equal((numbers[4], numbers[5]), (box.Top, box.Left));

            var transform = GrayscaleTransform.Linear(0, 65535, false);
            AssertClose(numbers[6..], Preprocess.Run(preprocessor, film, transform, input), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_constant_film_stays_constant_and_the_rest_is_black(Preprocessor preprocessor)
    {
        using var film = Films.Of(SampleKind.U16, 50, 20, (_, _) => 777);
        var target = Preprocess.Run(preprocessor, film, GrayscaleTransform.Linear(0, 1000, false), Plain);
        var box = Letterbox.Fit(50, 20, Plain.Height, Plain.Width);
        for (var y = 0; y < Plain.Height; y++)
            for (var x = 0; x < Plain.Width; x++)
            {
                var onFilm = x >= box.Left && x < box.Left + box.Width && y >= box.Top && y < box.Top + box.Height;
                Assert.Equal(onFilm ? 0.777 : 0, target[y * Plain.Width + x], Tolerance);
            }
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_line_and_the_table_of_the_same_function_give_the_same_film(Preprocessor preprocessor)
    {
        using var film = Films.Noise(SampleKind.S16, 47, 39, 9, bits: 16);
        var line = GrayscaleTransform.Linear(-1000, 3000, true);
        var table = GrayscaleTransform.FromTable(-1000, [.. Enumerable.Range(-1000, 4001).Select(line.Apply)]);
        AssertClose(
            [.. Preprocess.Run(preprocessor, film, table, Plain).Select(v => (double)v)],
            Preprocess.Run(preprocessor, film, line, Plain), Tolerance);
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_window_beyond_what_the_samples_can_hold_gives_all_dark_or_all_bright(Preprocessor preprocessor)
    {
        var input = new InputGeometry(1, 16, 16, [0f], [1f]);
        using var film = Films.Noise(SampleKind.U16, 32, 32, 3);
        Assert.All(Preprocess.Run(preprocessor, film, GrayscaleTransform.Linear(70_000, 80_000, false), input), v => Assert.Equal(0f, v));
        Assert.All(Preprocess.Run(preprocessor, film, GrayscaleTransform.Linear(-80_000, -70_000, false), input), v => Assert.Equal(1f, v));
        Assert.All(Preprocess.Run(preprocessor, film, GrayscaleTransform.FromTable(int.MaxValue, [0.25f, 1f]), input), v => Assert.Equal(0.25f, v));
        Assert.All(Preprocess.Run(preprocessor, film, GrayscaleTransform.FromTable(int.MinValue, [0.25f, 1f]), input), v => Assert.Equal(1f, v));
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_narrow_window_far_from_zero_keeps_its_precision(Preprocessor preprocessor)
    {
        // As an offset in fp32, 60,000 / 3 would be rounded by 1/1024 already.
        var transform = GrayscaleTransform.Linear(60_000, 60_003, false);
        using var film = Films.Of(SampleKind.U16, 40, 40, (y, x) => 60_000 + (x + y) % 4);
        AssertClose(PreprocessReference.Run(film, transform, Plain), Preprocess.Run(preprocessor, film, transform, Plain), Tolerance);
    }

    [Fact]
    public void All_vector_widths_give_the_same_bits()
    {
        foreach (var kind in new[] { SampleKind.U8, SampleKind.S8, SampleKind.U16, SampleKind.S16 })
            foreach (var transform in Transforms(kind))
            {
                using var film = Films.Noise(kind, 301, 257, 11);
                foreach (var view in new[] { FilmView.Whole(film), new(new(5, 3, 290, 251), PixelAspect.Square) })
                {
                    var scalar = Preprocess.Run(Preprocessor.Scalar, film, transform, Plain, view: view);
                    Assert.Equal(scalar, Preprocess.Run(Preprocessor.PlatformVectors, film, transform, Plain, view: view));
                    Assert.Equal(scalar, Preprocess.Run(Preprocessor.Vectors512, film, transform, Plain, view: view));
                }
            }
    }

    [Fact]
    public void A_mirrored_film_gives_the_mirrored_input() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90], Gen.Int[0, 1000]).Sample((rows, columns, seed) =>
        {
            // An odd letterbox is one pixel nearer to one side, so the input is made to fit the film.
            var box = Letterbox.Fit(rows, columns, 24, 20);
            var input = new InputGeometry(1, box.Height, box.Width, [0f], [1f]);
            using var film = Films.Noise(SampleKind.U16, rows, columns, seed);
            using var mirrored = Films.Of(
                SampleKind.U16, rows, columns, (y, x) => film.Samples<ushort>()[y * columns + columns - 1 - x]);
            if (Letterbox.Fit(rows, columns, box.Height, box.Width) != new Letterbox(0, 0, box.Height, box.Width)) return;

            var transform = GrayscaleTransform.Linear(1000.5f, 50_000, false);
            var straight = Preprocess.Run(Preprocessor.Vectors512, film, transform, input);
            var turned = Preprocess.Run(Preprocessor.Vectors512, mirrored, transform, input);
            for (var y = 0; y < box.Height; y++)
                for (var x = 0; x < box.Width; x++)
                    Assert.Equal(straight[y * box.Width + x], turned[y * box.Width + box.Width - 1 - x], Tolerance);
        }, iter: 200);

    [Fact]
    public void Resampling_keeps_the_mean_brightness() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90], Gen.Int[0, 1000]).Sample((rows, columns, seed) =>
        {
            using var film = Films.Noise(SampleKind.U8, rows, columns, seed, bits: 8);
            var transform = GrayscaleTransform.Linear(20, 200, true);
            var box = Letterbox.Fit(rows, columns, Plain.Height, Plain.Width);
            var source = film.Samples<byte>().ToArray().Average(v => transform.Apply(v));
            var target = Preprocess.Run(Preprocessor.Vectors512, film, transform, Plain).Sum(v => (double)v) / (box.Height * box.Width);
            Assert.Equal(source, target, Tolerance); // bars are 0 and add nothing
        }, iter: 200);

    [Fact]
    public void The_spans_of_an_axis_cover_every_source_pixel_once() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 300]).Sample((source, target) =>
        {
            var covered = new double[source];
            for (var i = 0; i < target; i++)
            {
                var span = AreaSpan.Of(i, new(source, source, 1, 0), target);
                covered[span.First] += span.FirstWeight;
                if (span.Last > span.First) covered[span.Last] += span.LastWeight;
                for (var pixel = span.First + 1; pixel < span.Last; pixel++) covered[pixel]++;
            }

            Assert.All(covered, weight => Assert.Equal(1.0, weight, 1e-4)); // up to 300 weights of fp32 for one pixel
        }, iter: 300);

    [Fact]
    public void The_spans_of_a_part_of_a_reduced_axis_cover_each_sample_as_far_as_the_pixels_it_stands_for() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[0, 5], Gen.Int[1, 300], Gen.Int[0, 4999], Gen.Int[1, 5000]).Sample((pixels, levels, target, first, length) =>
        {
            first %= pixels;
            length = Math.Min(length, pixels - first);
            var (pitch, samples) = (1 << levels, (pixels + (1 << levels) - 1) >> levels);
            var axis = AreaAxis.Of(first, length, levels, samples, out var firstSample);
            Assert.InRange(firstSample + axis.Samples, 1, samples);
            var covered = new double[axis.Samples];
            for (var i = 0; i < target; i++)
            {
                var span = AreaSpan.Of(i, axis, target);
                covered[span.First] += span.FirstWeight;
                if (span.Last > span.First) covered[span.Last] += span.LastWeight;
                for (var sample = span.First + 1; sample < span.Last; sample++) covered[sample]++;
            }

            for (var i = 0; i < covered.Length; i++)
            {
                var begin = pitch * (firstSample + i - 0.5) + 0.5;
                var end = firstSample + i == samples - 1 ? pixels : begin + pitch;
                Assert.Equal(Math.Min(end, first + length) - Math.Max(begin, first), pitch * covered[i], 1e-4 * pitch);
            }
        }, iter: 1000);

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_reduced_film_agrees_with_the_reference_in_whole_and_in_part(Preprocessor preprocessor)
    {
        var seed = 900;
        foreach (var (levels, rows, columns) in new[] { (1, 99, 121), (2, 150, 203), (3, 301, 64), (1, 7, 5) })
            foreach (var field in new[] { new FieldOfView(0, 0, rows, columns), new(rows / 3, columns / 5, rows / 2, columns / 2), new(rows - 3, columns - 2, 3, 2) })
                foreach (var kind in new[] { SampleKind.U8, SampleKind.S16 })
                    foreach (var transform in Transforms(kind))
                    {
                        using var film = Films.Noise(
                            kind, (rows + (1 << levels) - 1) >> levels, (columns + (1 << levels) - 1) >> levels, ++seed, reduction: new(levels, rows, columns));
                        var view = new FilmView(field, PixelAspect.Square);
                        AssertClose(
                            PreprocessReference.Run(film, transform, Plain, view), Preprocess.Run(preprocessor, film, transform, Plain, view: view), Tolerance);
                    }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_film_that_rises_evenly_gives_at_a_reduced_resolution_what_it_gives_in_full(int levels)
    {
        // Its low band are its own values on every 2^n-th pixel, whichever wavelet. At its end the band has to guess: those pixels are not shown.
        const int rows = 803, columns = 771;
        int Value(int y, int x) => 500 + (20 * y) + (35 * x);
        using var full = Films.Of(SampleKind.U16, rows, columns, Value);
        using var reduced = Films.Of(
            SampleKind.U16, (rows + (1 << levels) - 1) >> levels, (columns + (1 << levels) - 1) >> levels,
            (y, x) => Value(y << levels, x << levels), reduction: new(levels, rows, columns));
        var transform = GrayscaleTransform.Linear(0, 60_000, false);
        foreach (var field in new FieldOfView[] { new(8, 8, 760, 700), new(37, 11, 733, 751), new(100, 101, 397, 403) })
        {
            var view = new FilmView(field, PixelAspect.Square);
            var expected = Preprocess.Run(Preprocessor.Vectors512, full, transform, Plain, view: view);
            var actual = Preprocess.Run(Preprocessor.Vectors512, reduced, transform, Plain, view: view);

            // A target pixel's ends cut samples, and a sample is flat: at most an eighth of its step of brightness.
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], (20 + 35) * (1 << levels) / 8.0 / 60_000);
        }
    }

    private static IEnumerable<GrayscaleTransform> Transforms(SampleKind kind)
    {
        var (least, most) = kind switch
        {
            SampleKind.U8 => (0, 255),
            SampleKind.S8 => (-128, 127),
            SampleKind.U16 => (0, 65535),
            _ => (-32768, 32767),
        };
        var quarter = (most - least) / 4;
        yield return GrayscaleTransform.Linear(least, most, false);
        yield return GrayscaleTransform.Linear(least + quarter, most - quarter, true);
        yield return GrayscaleTransform.Linear(least + quarter + 0.5f, most - quarter - 0.25f, false);
        yield return GrayscaleTransform.Linear(least - quarter - 0.5f, most + quarter, true);
        yield return GrayscaleTransform.FromTable(least + quarter, [.. Enumerable.Range(0, 60).Select(i => MathF.Abs(MathF.Sin(i * 1.7f)))]);
        yield return GrayscaleTransform.FromTable(least, [.. Enumerable.Range(0, most - least + 1).Select(i => MathF.Abs(MathF.Cos(i * 0.01f)))]);
    }

    private static string Describe(GrayscaleTransform transform) => transform.IsLinear
        ? $"{transform.Low} to {transform.High}"
        : $"table of {transform.Table.Length} from {transform.FirstValue}";

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
