using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Dicom;

public sealed class GrayscalePipelineTests
{
    // Values are stored with six decimals; fp32 and the closed form stay within one step of 16 bits.
    private const double Tolerance = 1.0 / 65535 + 1e-6;

    [Fact]
    public void Brightness_is_that_of_pydicom_for_300_random_headers()
    {
        var faults = new List<string>();
        var (linear, count) = (0, 0);
        foreach (var line in OracleFile.Read("grayscale-cases.csv.gz"))
        {
            count++;
            var compiled = Compile(Convert.FromBase64String(line[2]), out var stored);
            if (compiled.Transform.IsLinear) linear++;
            if (compiled.Voi != line[1]) faults.Add($"{line[0]}: {compiled.Voi}");
            var expected = line[3].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
            var worst = stored.Select((value, i) => Math.Abs(compiled.Transform.Apply(value) - expected[i])).Max();
            if (worst > Tolerance) faults.Add($"{line[0]}: differs by {worst}");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Equal(300, count);
        Assert.InRange(linear, 30, 270); // both forms were held to it
    }

    [Fact]
    public void Polarity_is_that_of_DCMTK_for_each_photometric_interpretation_and_presentation_shape()
    {
        var cases = OracleFile.Read("polarity-cases.csv.gz").ToArray();
        Assert.Equal(6, cases.Length);
        foreach (var line in cases)
        {
            var compiled = Compile(Convert.FromBase64String(line[2]), out var stored);
            var expected = line[3].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
            for (var i = 0; i < stored.Length; i++)
                Assert.True(Math.Abs(compiled.Transform.Apply(stored[i]) - expected[i]) < 1.0 / 255, line[0]); // dcm2pnm: 8 bits
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("0.5")] // LINEAR needs 1 at least
    [InlineData("x")]
    [InlineData("")]
    [InlineData("NaN")]
    public void A_window_width_that_the_standard_forbids_gives_the_percentile_window(string width)
    {
        var file = DicomBytes.Film(Ramp, film => film.Text(DicomTags.WindowCenter, "DS", "2000").Text(DicomTags.WindowWidth, "DS", width));
        AssertPercentile(Compile(file, out _));
    }

    [Theory]
    [InlineData("LINEAR")]
    [InlineData("LINEAR_EXACT")]
    [InlineData("SIGMOID")]
    [InlineData("NOT_OF_THE_STANDARD")]
    public void A_window_that_does_not_touch_the_film_gives_the_percentile_window(string function)
    {
        var file = DicomBytes.Film(Ramp, film => film.Text(DicomTags.WindowCenter, "DS", "60000")
            .Text(DicomTags.WindowWidth, "DS", "100").Text(DicomTags.VoiLutFunction, "CS", function));
        AssertPercentile(Compile(file, out _));
    }

    [Fact]
    public void Without_any_window_the_percentile_window_is_that_of_the_sorted_film()
    {
        var file = DicomBytes.Film(Ramp);
        AssertPercentile(Compile(file, out _));
        var rescaled = DicomBytes.Film(Ramp, film => film
            .Text(DicomTags.RescaleIntercept, "DS", "-1024").Text(DicomTags.RescaleSlope, "DS", "2.5"));
        AssertPercentile(Compile(rescaled, out _));
    }

    [Fact]
    public void A_negative_slope_turns_the_percentile_window_round()
    {
        var file = DicomBytes.Film(Ramp, film => film
            .Text(DicomTags.RescaleIntercept, "DS", "4095").Text(DicomTags.RescaleSlope, "DS", "-1"));
        var compiled = Compile(file, out var stored);
        Assert.Equal((1f, 0f), (compiled.Transform.Apply(stored.Min()), compiled.Transform.Apply(stored.Max())));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1e300")]
    [InlineData("none")]
    public void A_slope_that_no_film_has_is_the_identity(string slope)
    {
        var file = DicomBytes.Film(Ramp, film => film.Text(DicomTags.WindowCenter, "DS", "2048")
            .Text(DicomTags.WindowWidth, "DS", "4096").Text(DicomTags.RescaleIntercept, "DS", "0").Text(DicomTags.RescaleSlope, "DS", slope));
        Assert.Equal(1000 / 4095f, Compile(file, out _).Transform.Apply(1000), 4);
    }

    [Fact]
    public void Constant_film_is_mid_grey_and_constant_padding_is_not_trusted()
    {
        var constant = Compile(DicomBytes.Film([77, 77, 77]), out _);
        Assert.Equal(("percentile", 0.5f), (constant.Voi, constant.Transform.Apply(77)));

        // Padding that covers the whole film would leave nothing to see.
        var covered = Compile(DicomBytes.Film([5, 6, 7], film => film
            .Words(DicomTags.PixelPaddingValue, "US", 0).Words(DicomTags.PixelPaddingRangeLimit, "US", 4095)), out _);
        Assert.Equal((0f, 0.5f, 1f), (covered.Transform.Apply(5), covered.Transform.Apply(6), covered.Transform.Apply(7)));
    }

    [Theory]
    [InlineData("MONOCHROME1")]
    [InlineData("MONOCHROME2")]
    public void Padding_is_black_and_does_not_move_the_percentile_window(string photometric)
    {
        ushort[] film = [.. Enumerable.Repeat((ushort)63536, 500), .. Ramp]; // -2000, as signed pixels say and US does not
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Text(DicomTags.PhotometricInterpretation, "CS", photometric)
            .ImagePixel(1, film.Length, 16, 16, isSigned: true).Words(DicomTags.PixelPaddingValue, "US", 63536)
            .Words(DicomBytes.PixelData, "OW", film).ToArray();
        var transform = Compile(file, out _).Transform;
        var isInverted = photometric == "MONOCHROME1";
        Assert.Equal(0f, transform.Apply(-2000));
        Assert.Equal(isInverted ? 1f : 0f, transform.Apply(Ramp[0]));
        Assert.Equal(isInverted ? 0f : 1f, transform.Apply(Ramp[^1]));
    }

    [Fact]
    public void A_lookup_table_of_0_entries_has_65536()
    {
        var entries = new ushort[65536];
        for (var i = 0; i < entries.Length; i++) entries[i] = (ushort)(65535 - i);
        var file = DicomBytes.Film([0, 1, 30000, 65535], film => film.LookupTable(DicomTags.VoiLutSequence, 0, 0, 16, entries), 16);
        var compiled = Compile(file, out _);
        Assert.Equal("voi-lut", compiled.Voi);
        foreach (var stored in (int[])[0, 1, 30000, 65535])
            Assert.Equal((65535 - stored) / 65535f, compiled.Transform.Apply(stored), 6);
    }

    [Fact]
    public void Eight_bit_entries_are_read_packed_or_in_words()
    {
        var packed = DicomBytes.Film([0, 1, 2, 3], film => film.LookupTable(DicomTags.VoiLutSequence, 4, 0, 8, 0x4000, 0xFF80));
        var words = DicomBytes.Film([0, 1, 2, 3], film => film.LookupTable(DicomTags.VoiLutSequence, 4, 0, 8, 0, 0x40, 0x80, 0xFF));
        foreach (var file in (byte[][])[packed, words])
        {
            var transform = Compile(file, out _).Transform;
            Assert.Equal<float>([0, 0x40 / 255f, 0x80 / 255f, 1], Enumerable.Range(0, 4).Select(transform.Apply));
        }
    }

    [Fact]
    public void Entries_above_the_declared_bits_raise_the_top()
    {
        var file = DicomBytes.Film([0, 1, 2], film => film.LookupTable(DicomTags.VoiLutSequence, 3, 0, 8, 0, 500, 1023));
        Assert.Equal(500 / 1023f, Compile(file, out _).Transform.Apply(1), 6);
    }

    [Fact]
    public void A_lookup_table_that_is_not_whole_or_shows_nothing_yields_to_the_window()
    {
        Action<DicomBytes>[] bad =
        [
            film => film.LookupTable(DicomTags.VoiLutSequence, 400, 0, 12, 1, 2, 3),
            film => film.LookupTable(DicomTags.VoiLutSequence, 3, 0, 12, 9, 9, 9),
            film => film.Element(DicomTags.VoiLutSequence, "SQ", default),
            film => film.Element(DicomTags.VoiLutSequence, "SQ", [1, 2, 3, 4, 5, 6, 7, 8]),
        ];
        foreach (var lut in bad)
        {
            var file = DicomBytes.Film(Ramp, film => lut(film.Text(DicomTags.WindowCenter, "DS", "2048").Text(DicomTags.WindowWidth, "DS", "4096")));
            Assert.Equal("window", Compile(file, out _).Voi);
        }
    }

    [Fact]
    public void Of_several_windows_the_first_holds_whatever_their_explanations_say()
    {
        var file = DicomBytes.Film(Ramp, film => film.Text(DicomTags.WindowCenter, "DS", "2000\\100").Text(DicomTags.WindowWidth, "DS", "1000\\50")
            .Text(new(0x0028, 0x1055), "LO", "SOFT\\NORMAL"));
        AssertWindow(Compile(file, out _), "window", 1500, 2499);
    }

    [Fact]
    public void An_unknown_voi_function_is_linear()
    {
        var file = DicomBytes.Film(Ramp, film => film.Text(DicomTags.WindowCenter, "DS", "2000").Text(DicomTags.WindowWidth, "DS", "1000")
            .Text(DicomTags.VoiLutFunction, "CS", "LINEAR_EXACTLY"));
        AssertWindow(Compile(file, out _), "window", 1500, 2499);
    }

    [Fact]
    public void A_modality_table_wins_over_a_rescale_and_needs_none()
    {
        ushort[] table = [.. Enumerable.Range(0, 4096).Select(i => (ushort)(4095 - i))];
        foreach (var hasRescale in new[] { false, true })
        {
            var file = DicomBytes.Film(Ramp, film =>
            {
                film.Text(DicomTags.WindowCenter, "DS", "2000").Text(DicomTags.WindowWidth, "DS", "1000");
                if (hasRescale) film.Text(DicomTags.RescaleIntercept, "DS", "7").Text(DicomTags.RescaleSlope, "DS", "3");
                film.LookupTable(DicomTags.ModalityLutSequence, 4096, 0, 16, table);
            });
            var transform = Compile(file, out _).Transform;
            Assert.Equal((0f, 1f), (transform.Apply(4095 - 1500), transform.Apply(4095 - 2499)));
        }
    }

    [Fact]
    public void Rescale_with_one_of_its_two_numbers_takes_the_other_as_nothing()
    {
        var file = DicomBytes.Film(Ramp, film => film.Text(DicomTags.WindowCenter, "DS", "2000").Text(DicomTags.WindowWidth, "DS", "1000")
            .Text(DicomTags.RescaleSlope, "DS", "2"));
        AssertWindow(Compile(file, out _), "window", 750, 1249.5f);
    }

    [Fact]
    public void The_first_value_of_a_table_is_signed_where_inputs_can_be_negative()
    {
        // US by its letters, and signed in truth: −1000.
        var file = DicomBytes.Film([0, 1000, 2000, 4095], film => film
            .Text(DicomTags.RescaleIntercept, "DS", "-1000").Text(DicomTags.RescaleSlope, "DS", "1")
            .LookupTable(DicomTags.VoiLutSequence, 3, -1000, 12, 0, 100, 4095));
        var compiled = Compile(file, out _);
        Assert.Equal("voi-lut", compiled.Voi);
        Assert.Equal((0f, 100 / 4095f, 1f), (compiled.Transform.Apply(0), compiled.Transform.Apply(1), compiled.Transform.Apply(2)));
    }

    [Theory]
    [InlineData("OW")]
    [InlineData("US")]
    public void Table_data_is_the_same_as_OW_and_as_US(string vr)
    {
        var file = DicomBytes.Film([0, 1, 2], film => film.Sequence(DicomTags.VoiLutSequence, item => item
            .Words(DicomTags.LutDescriptor, "US", 3, 0, 12).Words(DicomTags.LutData, vr, 0, 1000, 4095)));
        var compiled = Compile(file, out _);
        Assert.Equal(("voi-lut", 1000 / 4095f), (compiled.Voi, compiled.Transform.Apply(1)));
    }

    [Fact]
    public void Of_several_tables_the_first_holds_and_a_table_wins_over_a_window()
    {
        var file = DicomBytes.Film([0, 1, 2], film => film.Text(DicomTags.WindowCenter, "DS", "1").Text(DicomTags.WindowWidth, "DS", "2")
            .Sequence(DicomTags.VoiLutSequence,
            [
                item => item.Words(DicomTags.LutDescriptor, "US", 3, 0, 12).Words(DicomTags.LutData, "OW", 0, 1000, 4095),
                item => item.Words(DicomTags.LutDescriptor, "US", 3, 0, 12).Words(DicomTags.LutData, "OW", 4095, 1000, 0),
            ]));
        var compiled = Compile(file, out _);
        Assert.Equal(("voi-lut", 1000 / 4095f), (compiled.Voi, compiled.Transform.Apply(1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("RGB")]
    public void One_sample_without_a_photometric_interpretation_that_fits_is_MONOCHROME2(string photometric)
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Text(DicomTags.PhotometricInterpretation, "CS", photometric)
            .ImagePixel(1, Ramp.Length, 16, 12).Words(DicomBytes.PixelData, "OW", Ramp).ToArray();
        AssertPercentile(Compile(file, out _));
    }

    [Fact]
    public void Compiling_takes_its_tables_from_a_pool()
    {
        // A sigmoid over 16 bits: a table of 256 KiB. What is left is the transform itself, and a few words.
        var file = DicomBytes.Film(Ramp, film => film.Text(DicomTags.WindowCenter, "DS", "2000").Text(DicomTags.WindowWidth, "DS", "1000")
            .Text(DicomTags.VoiLutFunction, "CS", "SIGMOID"), 16);
        var percentile = DicomBytes.Film(Ramp, film => film.LookupTable(DicomTags.ModalityLutSequence, 0, 0, 16, new ushort[65536]), 16);
        var lut = DicomBytes.Film(Ramp, film => film.LookupTable(DicomTags.VoiLutSequence, 4096, 0, 12, [.. Enumerable.Range(0, 4096).Select(i => (ushort)i)]), 16);
        using var pool = new PixelBufferPool();
        foreach (var film in (byte[][])[file, percentile, lut])
        {
            var dataset = new DicomDataset();
            DicomReader.Parse(film, true, dataset);
            using var pixels = FrameDecoder.Decode(film, dataset, 1, DecodeSettings.Exact, pool).Pixels!;
            long Once()
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                GrayscalePipeline.Compile(film, dataset, pixels).Transform.Dispose();
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Assert.InRange(Enumerable.Range(0, 20).Min(_ => Once()), 0, 600);
        }
    }

    [Fact]
    public void A_linear_film_has_four_numbers_and_black_padding_below_its_window_keeps_them()
    {
        void Window(DicomBytes film) => film.Text(DicomTags.WindowCenter, "DS", "2000").Text(DicomTags.WindowWidth, "DS", "1000");
        Assert.True(Compile(DicomBytes.Film(Ramp, Window), out _).Transform.IsLinear);
        Assert.True(Compile(DicomBytes.Film(Ramp, film => Window(film.Words(DicomTags.PixelPaddingValue, "US", 0))), out _).Transform.IsLinear);
        Assert.False(Compile(DicomBytes.Film(Ramp, film => Window(film.Words(DicomTags.PixelPaddingValue, "US", 2000))), out _).Transform.IsLinear);
    }

    [Fact]
    public void A_window_of_width_1_is_a_step()
    {
        var file = DicomBytes.Film(Ramp, film => film.Text(DicomTags.WindowCenter, "DS", "2000").Text(DicomTags.WindowWidth, "DS", "1"));
        var transform = Compile(file, out _).Transform;
        Assert.Equal((0f, 1f), (transform.Apply(1999), transform.Apply(2000)));
    }

    // 1,000 values with outliers at both ends, which percentiles leave out.
    private static ushort[] Ramp => [.. Enumerable.Range(0, 1000).Select(i => (ushort)(i < 5 ? i : i > 994 ? 3090 + i : 1000 + 2 * i))];

    private static void AssertPercentile(CompiledGrayscale compiled)
    {
        Assert.Equal("percentile", compiled.Voi);
        var sorted = Ramp.Order().ToArray();
        double low = sorted[9], high = sorted[989]; // of 1,000: the smallest with 1 % and 99 % at or below it
        foreach (var stored in sorted)
            Assert.Equal(Math.Clamp((stored - low) / (high - low), 0, 1), compiled.Transform.Apply(stored), Tolerance);
    }

    private static void AssertWindow(CompiledGrayscale compiled, string voi, float low, float high)
    {
        Assert.Equal(voi, compiled.Voi);
        foreach (var stored in Ramp)
            Assert.Equal(Math.Clamp((stored - low) / (high - low), 0, 1), compiled.Transform.Apply(stored), Tolerance);
    }

    private static CompiledGrayscale Compile(ReadOnlySpan<byte> file, out int[] stored)
    {
        using var pool = new PixelBufferPool();
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, true, dataset).Status);
        using var pixels = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, pool).Pixels!;
        stored = StoredValues(pixels);
        return GrayscalePipeline.Compile(file, dataset, pixels);
    }

    private static int[] StoredValues(StoredPixels pixels) => pixels.Kind switch
    {
        SampleKind.U8 => [.. pixels.Samples<byte>().ToArray()],
        SampleKind.S8 => [.. pixels.Samples<sbyte>().ToArray()],
        SampleKind.U16 => [.. pixels.Samples<ushort>().ToArray()],
        SampleKind.S16 => [.. pixels.Samples<short>().ToArray()],
        _ => throw new ArgumentOutOfRangeException(nameof(pixels)),
    };
}
