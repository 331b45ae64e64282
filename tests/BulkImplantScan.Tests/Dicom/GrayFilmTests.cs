using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Decoded samples of any kind → one grey sample of at most 16 bits, and what the row says of it.</summary>
public sealed class GrayFilmTests
{
    private static readonly DicomTag FloatPixelData = new(0x7FE0, 0x0008), DoubleFloatPixelData = new(0x7FE0, 0x0009);

    [Theory]
    [InlineData(8, 8)]
    [InlineData(16, 16)]
    [InlineData(16, 12)]
    public void Rgb_becomes_the_luminance_of_BT601_within_one_step_and_grey_stays_as_it_is(int allocated, int stored)
    {
        var random = new Random(allocated + stored);
        for (var columns = 1; columns <= 40; columns++) // whole vectors and every rest
        {
            int[] samples = [.. Enumerable.Range(0, 3 * columns).Select(_ => random.Next(1 << stored))];
            samples.AsSpan(0, 3).Fill((1 << stored) - 1);
            if (columns > 1) samples.AsSpan(3, 3).Fill(samples[4]);
            var film = ShownFilm.Of(Colour("RGB", columns, allocated, stored, samples));
            Assert.Equal([DecodeNote.Luminance], film.Notes);
            for (var i = 0; i < columns; i++)
            {
                var (r, g, b) = (samples[3 * i], samples[3 * i + 1], samples[3 * i + 2]);
                var exact = 0.299 * r + 0.587 * g + 0.114 * b;
                Assert.True(Math.Abs(film.Gray[i] - exact) <= (stored <= 12 ? 0.55 : 1), $"{r} {g} {b}: {film.Gray[i]}, exactly {exact}");
                if (r == g && g == b) Assert.Equal(r, film.Gray[i]);
            }
        }
    }

    [Fact]
    public void Colour_is_shown_as_it_is_without_window_rescale_or_polarity()
    {
        int[] samples = [0, 0, 0, 10, 10, 10, 100, 100, 100, 255, 255, 255];
        var film = ShownFilm.Of(Colour("RGB", 4, 8, 8, samples, file => file
            .Text(DicomTags.WindowCenter, "DS", "50").Text(DicomTags.WindowWidth, "DS", "10").Text(DicomTags.RescaleIntercept, "DS", "5")
            .Text(DicomTags.RescaleSlope, "DS", "2").Text(DicomTags.PresentationLutShape, "CS", "INVERSE")));
        Assert.Equal("full-range", film.Voi);
        Assert.Equal<float>([0, 10 / 255f, 100 / 255f, 1], film.Brightness, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData("YBR_FULL")]
    [InlineData("YBR_PARTIAL_422")]
    [InlineData("YBR_RCT")]
    [InlineData("YBR_ICT")]
    [InlineData("MONOCHROME2")] // three samples all the same
    public void Ybr_gives_its_own_luminance_and_RCT_and_ICT_are_RGB_by_then(string photometric)
    {
        int[] samples = [16, 128, 128, 126, 10, 250, 235, 128, 128];
        var film = ShownFilm.Of(Colour(photometric, 3, 16, 8, samples)); // 16 bits allocated: no 4:2:2 in memory
        int[] expected = photometric switch
        {
            "YBR_FULL" => [16, 126, 235],
            "YBR_PARTIAL_422" => [0, 128, 255],
            _ => [(int)Math.Round(0.299 * 16 + 0.701 * 128), (int)Math.Round(0.299 * 126 + 5.87 + 28.5), (int)Math.Round(0.299 * 235 + 0.701 * 128)],
        };
        Assert.Equal(expected, film.Gray);
    }

    [Fact]
    public void Samples_in_planes_and_side_by_side_give_the_same_film()
    {
        int[] samples = [1, 2, 3, 40, 50, 60, 70, 80, 90, 200, 210, 220];
        int[] planes = [.. Enumerable.Range(0, 12).Select(i => samples[i % 4 * 3 + i / 4])];
        foreach (var bits in new[] { 8, 16 })
        {
            var side = ShownFilm.Of(Colour("RGB", 4, bits, 8, samples));
            var planar = ShownFilm.Of(Colour("RGB", 4, bits, 8, planes, file => file.Words(DicomTags.PlanarConfiguration, "US", 1)));
            Assert.Equal(side.Gray, planar.Gray);
        }
    }

    [Fact]
    public void A_sign_bit_in_the_header_of_colour_is_ignored()
    {
        int[] samples = [0, 0, 0, 200, 200, 200, 255, 255, 255];
        var file = Colour("RGB", 3, 8, 8, samples, more => more.Words(DicomTags.PixelRepresentation, "US", 1));
        Assert.Equal([0, 200, 255], ShownFilm.Of(file).Gray);
    }

    [Fact]
    public void Native_422_is_unpacked_unless_every_sample_is_there()
    {
        // Y1 Y2 Cb Cr, and in the second file all of Y Cb Cr under the same name.
        var packed = Colour("YBR_FULL_422", 4, 8, 8, [10, 20, 128, 128, 30, 40, 128, 128]);
        var whole = Colour("YBR_FULL_422", 4, 8, 8, [10, 128, 128, 20, 128, 128, 30, 128, 128, 40, 128, 128]);
        Assert.Equal([10, 20, 30, 40], ShownFilm.Of(packed).Gray);
        Assert.Equal([10, 20, 30, 40], ShownFilm.Of(whole).Gray);
    }

    [Fact]
    public void Colour_of_32_bits_is_said_to_be_unsupported()
    {
        var film = ShownFilm.Of(Colour("RGB", 1, 32, 32, [1, 2, 3]));
        Assert.Equal((Reason.UnsupportedPixelFormat, "BitsAllocated"), (film.Reason, film.Detail));
    }

    [Fact]
    public void Palette_colours_are_those_of_pydicom()
    {
        var files = new List<(string Name, byte[] File)>();
        foreach (var kind in Enum.GetValues<PaletteKind>())
        {
            files.Add(($"{kind}", Palette(kind, isBigEndian: false)));

            // pydicom 2.3 swaps the words of segments, not those of plain tables: these must give what the little-endian file gives.
            Assert.Equal(ShownFilm.Of(files[^1].File).Gray, ShownFilm.Of(Palette(kind, isBigEndian: true)).Gray);
        }

        if (Path.Exists(Path.Combine(SharedFolder.Repository, "..", "shared", "data", "dicom")))
            files.Add(("palette.dcm", File.ReadAllBytes(SharedFolder.Require("data", "dicom", "palette.dcm"))));
        var colours = PydicomPalette([.. files.Select(file => file.File)]);
        for (var i = 0; i < files.Count; i++)
        {
            var film = ShownFilm.Of(files[i].File);
            Assert.Equal([DecodeNote.Palette], film.Notes);
            Assert.Equal("full-range", film.Voi);
            Assert.Equal(colours[i].Length, 3 * film.Gray.Length);
            for (var pixel = 0; pixel < film.Gray.Length; pixel++)
            {
                var (r, g, b) = (colours[i][3 * pixel], colours[i][3 * pixel + 1], colours[i][3 * pixel + 2]);
                Assert.True(Math.Abs(film.Gray[pixel] - (0.299 * r + 0.587 * g + 0.114 * b)) <= 1, $"{files[i].Name}, pixel {pixel}");
            }
        }
    }

    [Fact]
    public void A_palette_of_bytes_that_says_16_bits_is_one_of_8()
    {
        var file = PaletteFile(false, 8, film => PaletteTables(film, 4, 0, 16, [255, 0, 0, 255]), [0, 1, 2, 3]);
        var (ends, middle) = (0.299f + 0.587f + 0.114f * 127 / 255, 0f);
        Assert.Equal<float>([ends, middle, middle, ends], ShownFilm.Of(file).Brightness, (a, b) => Math.Abs(a - b) < 1.0 / 255);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_palette_that_is_not_whole_is_not_guessed(bool isThere)
    {
        var file = PaletteFile(false, 8, film => { if (isThere) PaletteTables(film, 300, 0, 16, [0, 100, 255]); }, [0, 1, 2]);
        var film = ShownFilm.Of(file);
        Assert.Equal((Reason.MissingAttribute, "PaletteColorLookupTable"), (film.Reason, film.Detail));
    }

    [Fact]
    public void Segments_that_do_not_add_up_are_no_palette()
    {
        ushort[][] segments =
        [
            [], [0], [0, 3, 1, 2], [1, 3, 9], [2, 1, 0, 0], [0, 1, 7, 2, 1, 6, 0, 1, 2], [9, 1, 1], [0, 1, 5, 2, 1, 0xFFFF, 0xFFFF],
        ];
        foreach (var data in segments)
        {
            var file = PaletteFile(false, 8, film => Segmented(film, 3, 16, data), [0, 1, 2]);
            Assert.Equal(Reason.MissingAttribute, ShownFilm.Of(file).Reason);
        }
    }

    [Fact]
    public void Whole_numbers_of_32_bits_that_span_16_keep_every_step()
    {
        int[] values = [1_000_000, 1_000_001, 1_000_100, 1_065_535];
        var film = ShownFilm.Of(Wide(values, isSigned: false));
        Assert.Empty(film.Notes);
        Assert.Equal([0, 1, 100, 65535], film.Gray);
    }

    [Fact]
    public void Wider_numbers_are_scaled_over_the_range_of_the_film_and_the_window_follows()
    {
        int[] values = [-2_000_000, -1_000_000, 0, 1_000_000, 2_000_000];
        var film = ShownFilm.Of(Wide(values, isSigned: true, file => file
            .Text(DicomTags.WindowCenter, "DS", "0").Text(DicomTags.WindowWidth, "DS", "2000000").Text(DicomTags.VoiLutFunction, "CS", "LINEAR_EXACT")));
        Assert.Equal("window-exact", film.Voi);
        Assert.Equal([DecodeNote.ScaledTo16Bits], film.Notes);
        Assert.Equal<float>([0, 0, 0.5f, 1, 1], film.Brightness, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Twelve_bits_in_32_allocated_are_only_moved()
    {
        int[] values = [-2048, -1, 0, 5, 2047];
        var film = ShownFilm.Of(Wide(values, isSigned: true, bitsStored: 12));
        Assert.Empty(film.Notes);
        Assert.Equal(values, film.Gray);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Floating_point_is_scaled_over_its_finite_range_and_the_rest_is_padding(bool isDouble, bool isBigEndian)
    {
        double[] values = [double.NaN, -1.5, 0, 2.5, 6.5, double.PositiveInfinity, -999];
        var film = ShownFilm.Of(Floating(values, isDouble, isBigEndian, padding: -999));
        Assert.Equal([DecodeNote.ScaledTo16Bits], film.Notes);
        Assert.Equal("percentile", film.Voi);
        Assert.Equal([0, 1, 65535, 0, 0], [film.Gray[0], film.Gray[1], .. film.Gray[4..]]);
        Assert.Equal<float>([0, 0, 1.5f / 8, 0.5f, 1, 0, 0], film.Brightness, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Floating_point_without_a_finite_value_is_implausible_and_what_single_precision_calls_infinite_is_none()
    {
        var film = ShownFilm.Of(Floating([double.NaN, double.PositiveInfinity, 1e300], isDouble: true, isBigEndian: false));
        Assert.Equal((Reason.ImplausiblePixels, "no finite value"), (film.Reason, film.Detail));
        film = ShownFilm.Of(Floating([double.MaxValue, -3e38, 3e38], isDouble: true, isBigEndian: false));
        Assert.Equal<float>([0, 0, 1], film.Brightness, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Cells_of_12_bits_packed_are_unpacked_across_frames()
    {
        // The example of PS3.5-2004 D.1: three cells of 12 bits in two words and a bit.
        ushort[] values = [0x123, 0xABC, 0x456, 0xFFF, 0x001];
        byte[] packed = [0x23, 0xC1, 0xAB, 0x56, 0xF4, 0xFF, 0x01, 0x00];
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(1, 5, 12, 12)
            .Element(DicomBytes.PixelData, "OW", packed).ToArray();
        Assert.Equal(values.Select(value => (int)value), ShownFilm.Of(file).Gray);
        var frames = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Text(DicomTags.NumberOfFrames, "IS", "5").ImagePixel(1, 1, 12, 12)
            .Element(DicomBytes.PixelData, "OW", packed).ToArray();
        for (var frame = 1; frame <= 5; frame++) Assert.Equal([values[frame - 1]], ShownFilm.Of(frames, frame).Gray);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(17)]
    public void Other_cells_are_said_to_be_unsupported(int bits)
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(1, 2, bits, 8)
            .Element(DicomBytes.PixelData, "OW", new byte[16]).ToArray();
        var film = ShownFilm.Of(file);
        Assert.Equal((Reason.UnsupportedPixelFormat, "BitsAllocated"), (film.Reason, film.Detail));
    }

    [Fact]
    public void Overlay_planes_in_unused_bits_are_masked_and_said()
    {
        ushort[] values = [1, 2, 3, 4000];
        ushort[] cells = [.. values.Select((value, i) => (ushort)(value | (i % 2 == 0 ? 0x8000 : 0)))];
        byte[] File(ushort position, ushort allocated, ushort[] pixels) => DicomBytes.Film(pixels, film => film
            .Words(DicomTags.OverlayBitsAllocated(1), "US", allocated).Words(DicomTags.OverlayBitPosition(1), "US", position));
        Assert.Equal([DecodeNote.OverlayBits], ShownFilm.Of(File(15, 16, cells)).Notes);
        Assert.Equal(values.Select(value => (int)value), ShownFilm.Of(File(15, 16, cells)).Gray);
        Assert.Empty(ShownFilm.Of(File(15, 16, values)).Notes); // named, and no such bit is set
        Assert.Empty(ShownFilm.Of(File(0, 1, values)).Notes); // a plane with data of its own
        Assert.Empty(ShownFilm.Of(File(3, 16, values)).Notes); // a bit of the sample itself
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(11, false)]
    public void A_film_of_12_bits_that_says_less_is_read_with_all_of_them(int bitsStored, bool isSigned)
    {
        ushort[] smooth = [.. Enumerable.Range(0, 500).Select(i => (ushort)(2000 + 1900 * Math.Sin(i / 40.0) - (isSigned ? 2000 : 0)))];
        var film = ShownFilm.Of(DicomBytes.Film(smooth, null, bitsStored, isSigned));
        Assert.Equal([DecodeNote.BitsStoredRaised], film.Notes);
        Assert.Equal(smooth.Select(value => isSigned ? (short)value : (int)value), film.Gray);
    }

    [Fact]
    public void Rubbish_above_a_film_is_masked()
    {
        var random = new Random(3);
        ushort[] smooth = [.. Enumerable.Range(0, 500).Select(i => (ushort)(2000 + 1900 * Math.Sin(i / 40.0)))];
        ushort[][] dirty =
        [
            [.. smooth.Select(value => (ushort)(value | 0xA000))], // the same everywhere
            [.. smooth.Select(value => (ushort)(value | random.Next(16) << 12))],
            [.. smooth.Select((value, i) => (ushort)(value | (i % 100 < 3 ? 0x8000 : 0)))], // a text
        ];
        foreach (var cells in dirty)
        {
            var film = ShownFilm.Of(DicomBytes.Film(cells));
            Assert.Empty(film.Notes);
            Assert.Equal(smooth.Select(value => (int)value), film.Gray);
        }
    }

    [Theory]
    [InlineData(16, 11)] // the bits of the detector, in a header that says 16
    [InlineData(12, 5)]
    [InlineData(12, 200)]
    public void A_high_bit_that_cannot_be_is_bits_stored_less_one(int bitsStored, int highBit)
    {
        ushort[] values = [0, 1, 2047, 4095];
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Words(DicomTags.Rows, "US", 1).Words(DicomTags.Columns, "US", 4)
            .Words(DicomTags.BitsAllocated, "US", 16).Words(DicomTags.BitsStored, "US", (ushort)bitsStored)
            .Words(DicomTags.HighBit, "US", (ushort)highBit).Words(DicomBytes.PixelData, "OW", values).ToArray();
        Assert.Equal(values.Select(value => (int)value), ShownFilm.Of(file).Gray);
    }

    [Fact]
    public void Bits_stored_of_0_or_absent_are_bits_allocated_and_above_them_unsupported()
    {
        byte[] File(int? bitsStored)
        {
            var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Words(DicomTags.Rows, "US", 1)
                .Words(DicomTags.Columns, "US", 2).Words(DicomTags.BitsAllocated, "US", 16);
            if (bitsStored is { } bits) file.Words(DicomTags.BitsStored, "US", (ushort)bits);
            return file.Words(DicomBytes.PixelData, "OW", 3, 60000).ToArray();
        }

        Assert.Equal([3, 60000], ShownFilm.Of(File(null)).Gray);
        Assert.Equal([3, 60000], ShownFilm.Of(File(0)).Gray);
        Assert.Equal((Reason.UnsupportedPixelFormat, "BitsStored"), (ShownFilm.Of(File(17)).Reason, ShownFilm.Of(File(17)).Detail));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    public void Number_of_frames_empty_or_0_is_one_frame(string frames)
    {
        var file = DicomBytes.Film([1, 2], film => film.Text(DicomTags.NumberOfFrames, "IS", frames));
        Assert.Equal(Reason.None, ShownFilm.Of(file).Reason);
    }

    [Fact]
    public void Of_two_elements_with_one_number_the_first_counts()
    {
        var file = DicomBytes.Film([1, 2], film => film.Words(DicomTags.BitsStored, "US", 3));
        Assert.Equal([1, 2], ShownFilm.Of(file).Gray);
        Assert.Equal(Reason.None, ShownFilm.Of(file).Reason);
    }

    [Fact]
    public void Frames_of_an_enhanced_object_have_windows_and_rescales_of_their_own_or_of_all()
    {
        ushort[] pixels = [0, 1000, 2000, 3000, 0, 1000, 2000, 3000, 0, 1000, 2000, 3000];
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Text(DicomTags.NumberOfFrames, "IS", "3").ImagePixel(1, 4, 16, 12)
            .Sequence(DicomTags.SharedFunctionalGroupsSequence, item =>
            {
                item.Sequence(DicomTags.FrameVoiLutSequence, Window("1500", "3000"));
                item.Sequence(DicomTags.PixelValueTransformationSequence, macro => macro
                    .Text(DicomTags.RescaleIntercept, "DS", "0").Text(DicomTags.RescaleSlope, "DS", "0.5"));
            })
            .Sequence(DicomTags.PerFrameFunctionalGroupsSequence,
            [
                item => item.Sequence(DicomTags.FrameVoiLutSequence, Window("500", "1000")),
                _ => { }, // the shared one holds
                item => item.Sequence(DicomTags.PixelValueTransformationSequence, macro => macro
                    .Text(DicomTags.RescaleIntercept, "DS", "0").Text(DicomTags.RescaleSlope, "DS", "1")),
            ])
            .Words(DicomBytes.PixelData, "OW", pixels).ToArray();
        Assert.Equal<float>([0, 0.5f, 1, 1], ShownFilm.Of(file, 1).Brightness, (a, b) => Math.Abs(a - b) < 1e-4); // 0.5 · x, window 0 to 1000
        Assert.Equal<float>([0, 1 / 6f, 2 / 6f, 0.5f], ShownFilm.Of(file, 2).Brightness, (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal<float>([0, 1 / 3f, 2 / 3f, 1], ShownFilm.Of(file, 3).Brightness, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    private static Action<DicomBytes> Window(string center, string width) => macro => macro.Text(DicomTags.WindowCenter, "DS", center)
        .Text(DicomTags.WindowWidth, "DS", width).Text(DicomTags.VoiLutFunction, "CS", "LINEAR_EXACT");

    private static byte[] Colour(string photometric, int columns, int allocated, int stored, int[] samples, Action<DicomBytes>? more = null)
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Words(DicomTags.SamplesPerPixel, "US", 3)
            .Text(DicomTags.PhotometricInterpretation, "CS", photometric);
        more?.Invoke(file); // the first of two elements counts
        file.ImagePixel(1, columns, allocated, stored);
        var bytes = new byte[samples.Length * allocated / 8];
        for (var i = 0; i < samples.Length; i++)
        {
            if (allocated == 8) bytes[i] = (byte)samples[i];
            else if (allocated == 16) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)samples[i]);
            else BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), samples[i]);
        }

        return file.Element(DicomBytes.PixelData, "OW", bytes).ToArray();
    }

    private static byte[] Wide(int[] values, bool isSigned, Action<DicomBytes>? more = null, int bitsStored = 32)
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(1, values.Length, 32, bitsStored, isSigned);
        more?.Invoke(file);
        return file.Element(DicomBytes.PixelData, "OW", MemoryMarshal.AsBytes(values.AsSpan())).ToArray();
    }

    private static byte[] Floating(double[] values, bool isDouble, bool isBigEndian, double? padding = null)
    {
        var bytes = new byte[values.Length * (isDouble ? 8 : 4)];
        for (var i = 0; i < values.Length; i++)
        {
            if (isDouble && isBigEndian) BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(8 * i), values[i]);
            else if (isDouble) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), values[i]);
            else if (isBigEndian) BinaryPrimitives.WriteSingleBigEndian(bytes.AsSpan(4 * i), (float)values[i]);
            else BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), (float)values[i]);
        }

        return DicomBytes.File(isBigEndian ? TransferSyntaxes.ExplicitBigEndian : TransferSyntaxes.ExplicitLittleEndian)
            .DataSet(true, isBigEndian, film =>
            {
                film.ImagePixel(1, values.Length, isDouble ? 64 : 32, isDouble ? 64 : 32);
                var value = new byte[8];
                if (padding is { } number)
                {
                    if (isDouble && isBigEndian) BinaryPrimitives.WriteDoubleBigEndian(value, number);
                    else if (isDouble) BinaryPrimitives.WriteDoubleLittleEndian(value, number);
                    else if (isBigEndian) BinaryPrimitives.WriteSingleBigEndian(value, (float)number);
                    else BinaryPrimitives.WriteSingleLittleEndian(value, (float)number);
                    if (isDouble) film.Element(DicomTags.DoubleFloatPixelPaddingValue, "FD", value);
                    else film.Element(DicomTags.FloatPixelPaddingValue, "FL", value.AsSpan(0, 4));
                }

                film.Element(isDouble ? DoubleFloatPixelData : FloatPixelData, isDouble ? "OD" : "OF", bytes);
            }).ToArray();
    }

    private enum PaletteKind
    {
        Words16,
        Words16Of12BitPixels,
        FirstValueNotZero,
        SignedPixels,
        BytesPacked,
        Segmented16,
        Segmented8,
    }

    private static byte[] Palette(PaletteKind kind, bool isBigEndian)
    {
        var random = new Random((int)kind);
        ushort[] Curve(int entries) => [.. Enumerable.Range(0, entries).Select(_ => (ushort)random.Next(65536))];
        ushort[] Indices(int most) => [.. Enumerable.Range(0, 64).Select(_ => (ushort)random.Next(most))];
        return kind switch
        {
            PaletteKind.Words16 => PaletteFile(isBigEndian, 8, film => PaletteTables(film, 256, 0, 16, Curve(256)), Indices(256)),
            PaletteKind.Words16Of12BitPixels => PaletteFile(isBigEndian, 12, film => PaletteTables(film, 4096, 0, 16, Curve(4096)), Indices(4096)),
            PaletteKind.FirstValueNotZero => PaletteFile(isBigEndian, 12, film => PaletteTables(film, 500, 300, 16, Curve(500)), Indices(4096)),
            PaletteKind.SignedPixels => PaletteFile(isBigEndian, 12, film => PaletteTables(film, 300, -100, 16, Curve(300)), Indices(4096), isSigned: true),

            // Two entries a word, the first in the low byte.
            PaletteKind.BytesPacked => PaletteFile(isBigEndian, 8, film => PaletteTables(film, 256, 0, 8, Curve(128)), Indices(256)),
            PaletteKind.Segmented16 => PaletteFile(isBigEndian, 8, film => Segmented(
                film, 256, 16, [0, 3, 100, 40000, 5, 1, 120, 65535, 0, 2, 1, 2, 2, 2, 0, 0, 1, 8, 77]), Indices(256)),
            _ => PaletteFile(isBigEndian, 8, film => Segmented(film, 256, 8, [0x0300, 0x4001, 0x01FF, 0x640A, 0x0102, 0x0005, 0x0000, 0xE901, 0x0034]), Indices(256)),
        };
    }

    private static void PaletteTables(DicomBytes film, int count, int first, int bits, ushort[] entries)
    {
        foreach (var tag in new[] { DicomTags.RedPaletteDescriptor, DicomTags.GreenPaletteDescriptor, DicomTags.BluePaletteDescriptor })
            film.Words(tag, first < 0 ? "SS" : "US", (ushort)count, (ushort)first, (ushort)bits);
        film.Words(DicomTags.RedPaletteData, "OW", entries);
        film.Words(DicomTags.GreenPaletteData, "OW", [.. entries.Reverse()]);
        film.Words(DicomTags.BluePaletteData, "OW", [.. entries.Select(entry => (ushort)(entry / 2))]);
    }

    private static void Segmented(DicomBytes film, int count, int bits, ushort[] segments)
    {
        foreach (var tag in new[] { DicomTags.RedPaletteDescriptor, DicomTags.GreenPaletteDescriptor, DicomTags.BluePaletteDescriptor })
            film.Words(tag, "US", (ushort)count, 0, (ushort)bits);
        foreach (var tag in new[] { DicomTags.SegmentedRedPaletteData, DicomTags.SegmentedGreenPaletteData, DicomTags.SegmentedBluePaletteData })
            film.Words(tag, "OW", segments);
    }

    private static byte[] PaletteFile(bool isBigEndian, int bits, Action<DicomBytes> palette, ushort[] indices, bool isSigned = false) =>
        DicomBytes.File(isBigEndian ? TransferSyntaxes.ExplicitBigEndian : TransferSyntaxes.ExplicitLittleEndian)
            .DataSet(true, isBigEndian, film =>
            {
                film.Words(DicomTags.SamplesPerPixel, "US", 1).Text(DicomTags.PhotometricInterpretation, "CS", "PALETTE COLOR")
                    .Words(DicomTags.Rows, "US", 1).Words(DicomTags.Columns, "US", (ushort)indices.Length)
                    .Words(DicomTags.BitsAllocated, "US", 16).Words(DicomTags.BitsStored, "US", (ushort)bits)
                    .Words(DicomTags.HighBit, "US", (ushort)(bits - 1)).Words(DicomTags.PixelRepresentation, "US", (ushort)(isSigned ? 1 : 0));
                palette(film);
                film.Words(DicomBytes.PixelData, "OW", [.. indices.Select(index => isSigned ? (ushort)((short)(index << 4) >> 4) : index)]);
            }).ToArray();

    private static int[][] PydicomPalette(IReadOnlyList<byte[]> files)
    {
        var folder = Directory.CreateTempSubdirectory("bis-palette-").FullName;
        try
        {
            for (var i = 0; i < files.Count; i++) File.WriteAllBytes(Path.Combine(folder, $"{i}.dcm"), files[i]);
            ExternalTool.Pydicom("palette.py", folder);
            return [.. files.Select((_, i) => MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Path.Combine(folder, $"{i}.dcm.rgb"))).ToArray())];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
