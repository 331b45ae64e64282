using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Tests.Imaging;
using CsCheck;

namespace BulkImplantScan.Tests.Dicom;

public class FieldDecisionTests
{
    private const int Rows = 100;
    private const int Columns = 80;

    [Fact]
    public void A_rectangular_shutter_is_the_field()
    {
        var found = Find(Shutter("RECTANGULAR", 11, 70, 21, 90));
        Assert.Equal(new FieldOfView(20, 10, 70, 60), found.Crop);
        Assert.Equal(found.Crop, found.Windowing);
        Assert.Equal(found.Crop, found.Cut);
        Assert.Equal(["field_of_view", "shutter"], found.Notes);
    }

    [Fact]
    public void Edges_beyond_the_image_hide_nothing_there()
    {
        Assert.Equal(new FieldOfView(0, 10, 100, 70), Find(Shutter("RECTANGULAR", 11, 900, -40, 2000)).Crop);
        AssertWhole(Find(Shutter("RECTANGULAR", 0, 81, 0, 101)));
        AssertWhole(Find(Shutter("RECTANGULAR", 1, 80, 1, 100)));
    }

    [Theory]
    [InlineData(70, 11, 21, 90)] // left of its left edge
    [InlineData(11, 12, 21, 90)] // no hip fits in
    [InlineData(11, 25, 21, 90)] // millimetres
    [InlineData(200, 300, 21, 90)]
    [InlineData(int.MinValue, int.MaxValue, 90, 91)]
    public void A_shutter_that_cannot_be_meant_is_ignored(int left, int right, int upper, int lower) =>
        AssertWhole(Find(Shutter("RECTANGULAR", left, right, upper, lower)));

    [Fact]
    public void A_collimator_that_does_not_hold_the_middle_is_ignored()
    {
        Assert.Equal(new FieldOfView(20, 10, 70, 60), Find(Collimator(11, 70, 21, 90)).Crop);
        AssertWhole(Find(Collimator(1, 40, 1, 50))); // coordinates of a detector that was binned
    }

    [Fact]
    public void Shutter_and_collimator_are_what_both_leave()
    {
        var found = Find(file =>
        {
            Shutter("RECTANGULAR", 11, 70, 1, 100)(file);
            Collimator(1, 80, 21, 90)(file);
        });
        Assert.Equal(new FieldOfView(20, 10, 70, 60), found.Crop);
        Assert.Equal(["field_of_view", "shutter", "collimator"], found.Notes);
    }

    [Fact]
    public void A_circle_is_cropped_to_its_box_and_windowed_by_the_square_within()
    {
        var found = Find(file => file.Text(DicomTags.ShutterShape, "CS", "CIRCULAR")
            .Text(DicomTags.CenterOfCircularShutter, "IS", "51\\41").Text(DicomTags.RadiusOfCircularShutter, "IS", "30"));
        Assert.Equal(new FieldOfView(20, 10, 61, 61), found.Crop);
        for (var y = found.Windowing.Top; y < found.Windowing.Top + found.Windowing.Rows; y++)
            for (var x = found.Windowing.Left; x < found.Windowing.Left + found.Windowing.Columns; x++)
                Assert.True(((y - 50) * (y - 50)) + ((x - 40) * (x - 40)) <= 900);
        Assert.True(found.Windowing.Rows > 40);
    }

    [Fact]
    public void A_polygon_is_cropped_to_its_box_and_several_shapes_to_what_they_share()
    {
        static void Polygon(DicomBytes file) => file.Text(DicomTags.VerticesOfThePolygonalShutter, "IS", "21\\41\\61\\11\\90\\41\\61\\70");
        Assert.Equal(new FieldOfView(20, 10, 70, 60), Find(file =>
        {
            file.Text(DicomTags.ShutterShape, "CS", "POLYGONAL");
            Polygon(file);
        }).Crop);
        Assert.Equal(new FieldOfView(30, 10, 60, 60), Find(file =>
        {
            Shutter("RECTANGULAR\\POLYGONAL", 1, 80, 31, 100)(file);
            Polygon(file);
        }).Crop);
    }

    [Fact]
    public void Any_numbers_give_a_field_within_the_film_at_any_resolution()
    {
        var number = Gen.Frequency((4, Gen.Int[-30, 130]), (1, Gen.Int));
        Gen.Select(number, number, number, number, Gen.Int[0, 5], Gen.Bool).Sample((left, right, upper, lower, levels, isCircle) =>
        {
            var (file, dataset) = Parse(file =>
            {
                Shutter(isCircle ? "CIRCULAR\\RECTANGULAR" : "RECTANGULAR", left, right, upper, lower)(file);
                file.Text(DicomTags.CenterOfCircularShutter, "IS", Text(upper) + "\\" + Text(left)).Text(DicomTags.RadiusOfCircularShutter, "IS", Text(right));
                Collimator(upper, lower, left, right)(file);
            });
            using var film = Films.Noise(
                SampleKind.U16, (Rows + (1 << levels) - 1) >> levels, (Columns + (1 << levels) - 1) >> levels, 3, bits: 12, new(levels, Rows, Columns));
            var found = FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Header);
            Assert.True(found.Crop.FitsIn(Rows, Columns) && found.Windowing.FitsIn(Rows, Columns), found.ToString());
            Assert.Equal(found.Windowing, found.Windowing.Intersect(found.Crop));
            Assert.Equal(found.Crop == FieldOfView.Whole(film) ? null : found.Crop, found.Cut);
        }, iter: 2000);
    }

    [Theory]
    [InlineData("BITMAP")]
    [InlineData("STAR")]
    [InlineData("")]
    public void A_shape_that_is_not_read_hides_nothing(string shape) => AssertWhole(Find(Shutter(shape, 11, 70, 21, 90)));

    [Fact]
    public void Coordinates_are_the_films_own_whatever_resolution_was_decoded_and_windowing_looks_at_samples_within_them_only()
    {
        // 100 × 80 decoded at a quarter: 25 × 20.
        var (file, dataset) = Parse(Shutter("RECTANGULAR", 12, 70, 22, 100));
        using var reduced = Films.Noise(SampleKind.U16, 25, 20, 3, bits: 12, new(2, Rows, Columns));
        var found = FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, reduced), FieldOfViewMode.Header);
        Assert.Equal(new FieldOfView(21, 11, 79, 59), found.Crop);
        Assert.Equal(new FieldOfView(6, 3, 19, 14), found.Windowing.Samples(reduced));
    }

    [Fact]
    public void Padding_of_a_reduced_film_is_left_out_to_the_sample()
    {
        var (file, dataset) = Parse(file => file.Words(DicomTags.PixelPaddingValue, "US", 7));
        using var film = Films.Of(SampleKind.U16, 25, 20, (y, x) => y >= 3 && x < 15 ? 1000 + y + x : 7, reduction: new(2, Rows, Columns));
        var found = FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Header);
        Assert.Equal(new FieldOfView(12, 0, 88, 60), found.Crop);
    }

    [Fact]
    public void Rows_and_columns_of_padding_are_left_out_to_the_pixel()
    {
        var (file, dataset) = Parse(file => file.Words(DicomTags.PixelPaddingValue, "US", 7));
        using var film = Films.Of(SampleKind.U16, Rows, Columns, (y, x) => y is >= 13 and < 88 && x >= 5 && x - y < 60 ? 1000 + y + x : 7);
        var found = FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Header);
        Assert.Equal(new FieldOfView(13, 5, 75, 75), found.Crop);
        Assert.Equal(["field_of_view", "padding"], found.Notes);
    }

    [Fact]
    public void A_film_of_padding_only_stays_whole()
    {
        var (file, dataset) = Parse(file => file.Words(DicomTags.PixelPaddingValue, "US", 7));
        using var film = Films.Of(SampleKind.U16, Rows, Columns, (_, _) => 7);
        AssertWhole(FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Auto));
    }

    [Fact]
    public void The_image_is_asked_inside_what_the_header_left_and_not_at_all_in_the_other_modes()
    {
        var (file, dataset) = Parse(Shutter("RECTANGULAR", 11, 80, 1, 100));
        using var film = Films.Of(SampleKind.U16, Rows, Columns, (y, x) => y < 12 ? 0 : 900 + (int)(300 * Math.Sin((x + y) / 9.0)));
        var found = FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Auto);
        Assert.Equal(new FieldOfView(12, 10, 88, 70), found.Crop);
        Assert.Equal(["field_of_view", "shutter", "border"], found.Notes);
        Assert.Equal(new FieldOfView(0, 10, 100, 70), FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Header).Crop);
        AssertWhole(FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Off));
    }

    [Fact]
    public void What_lies_beside_the_field_does_not_choose_the_brightness()
    {
        // A third of the film is a bright border: taken for film, it would be the 99 % of the window.
        var (file, dataset) = Parse(Shutter("RECTANGULAR", 1, 54, 1, 100));
        using var film = Films.Of(SampleKind.U16, Rows, Columns, (y, x) => x < 54 ? 500 + y : 4000, bitsStored: 12);
        var found = FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Header);
        var compiled = GrayscalePipeline.Compile(file, dataset, 1, GrayFilm.AsStored(file, dataset, film), found.Windowing);
        Assert.Equal("percentile", compiled.Voi);
        Assert.Equal(0.5f, compiled.Transform.Apply(549), 0.02f);

        // And a window that shows nothing but the border shows nothing of the film.
        var (windowed, header) = Parse(file => Shutter("RECTANGULAR", 1, 54, 1, 100)(file.Text(DicomTags.WindowCenter, "DS", "3950").Text(DicomTags.WindowWidth, "DS", "100")));
        Assert.Equal("percentile", GrayscalePipeline.Compile(windowed, header, 1, GrayFilm.AsStored(windowed, header, film), found.Windowing).Voi);
        Assert.Equal("window", GrayscalePipeline.Compile(windowed, header, film).Voi);
    }

    [Theory]
    [InlineData("2\\1", null, null, 2.0)]
    [InlineData("3\\4", "0.1\\0.1", null, 0.75)] // the ratio before the spacing
    [InlineData(null, "0.2\\0.1", "0.1\\0.1", 2.0)] // spacing before spacing at the imager
    [InlineData(null, null, "0.1\\0.15", 0.6667)]
    [InlineData("0\\1", "0.2\\0.1", null, 2.0)]
    [InlineData("1000\\1", null, null, 1.0)]
    [InlineData(null, "1e300\\1e-300", null, 1.0)]
    [InlineData(null, "1.2\\1.2012", null, 1.0)] // rounded differently
    [InlineData("x\\1", "0.1", "", 1.0)]
    [InlineData(null, "-0.2\\0.1", null, 1.0)]
    public void Pixels_have_the_shape_that_the_header_says_if_it_can_be_believed(string? ratio, string? spacing, string? imager, double expected)
    {
        var (file, dataset) = Parse(file =>
        {
            if (imager is not null) file.Text(DicomTags.ImagerPixelSpacing, "DS", imager);
            if (spacing is not null) file.Text(DicomTags.PixelSpacing, "DS", spacing);
            if (ratio is not null) file.Text(DicomTags.PixelAspectRatio, "IS", ratio);
        });
        var aspect = PixelShape.Read(file, dataset);
        Assert.Equal(expected, (double)aspect.Vertical / aspect.Horizontal, 1e-4);
        Assert.Equal(expected == 1, aspect.IsSquare);
    }

    [Fact]
    public void Real_films_keep_all_that_was_exposed()
    {
        // Found by eye: the hip has one border all over (left, columns 0 to 178), the panorama three sides and a narrow fourth,
        // the dog none. The collimator of chest_cr_mono1_j2k91 is given in tenths of millimetres.
        foreach (var (name, expected, tolerance) in new (string, FieldOfView?, int)[]
        {
            ("hip_cr_rle.dcm", new(0, 178, 2140, 1582), 24), ("dental_cr_modlut.dcm", new(642, 75, 862, 1851), 16), ("chest_dx_mono1_small.dcm", null, 0),
        })
        {
            var bytes = File.ReadAllBytes(SharedFolder.Require("data", "dicom", name));
            var dataset = new DicomDataset();
            Assert.Equal(ParseStatus.Ok, DicomReader.Parse(bytes, true, dataset).Status);
            using var pool = new PixelBufferPool();
            using var film = FrameDecoder.Decode(bytes, dataset, 1, DecodeSettings.Exact, pool).Pixels!;
            var found = FieldDecision.Find(bytes, dataset, GrayFilm.AsStored(bytes, dataset, film), FieldOfViewMode.Auto).Crop;
            var wanted = expected ?? FieldOfView.Whole(film);
            Assert.True(
                Math.Abs(found.Top - wanted.Top) <= tolerance && Math.Abs(found.Left - wanted.Left) <= tolerance
                && Math.Abs(found.Top + found.Rows - wanted.Top - wanted.Rows) <= tolerance
                && Math.Abs(found.Left + found.Columns - wanted.Left - wanted.Columns) <= tolerance, $"{name}: {found}");
        }
    }

    private static void AssertWhole(FieldDecision found)
    {
        Assert.Equal((0, 0, Rows, Columns), (found.Crop.Top, found.Crop.Left, found.Crop.Rows, found.Crop.Columns));
        Assert.Equal(found.Crop, found.Windowing);
        Assert.Null(found.Cut);
        Assert.Empty(found.Notes);
    }

    private static FieldDecision Find(Action<DicomBytes> more)
    {
        var (file, dataset) = Parse(more);
        using var film = Films.Noise(SampleKind.U16, Rows, Columns, 3, bits: 12);
        return FieldDecision.Find(file, dataset, GrayFilm.AsStored(file, dataset, film), FieldOfViewMode.Auto);
    }

    private static (byte[] File, DicomDataset Dataset) Parse(Action<DicomBytes> more)
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian);
        more(file);
        file.ImagePixel(Rows, Columns, 16, 12).Words(DicomBytes.PixelData, "OW", new ushort[Rows * Columns]);
        var (bytes, dataset) = (file.ToArray(), new DicomDataset());
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(bytes, true, dataset).Status);
        return (bytes, dataset);
    }

    private static Action<DicomBytes> Shutter(string shape, int left, int right, int upper, int lower) => file => file
        .Text(DicomTags.ShutterShape, "CS", shape)
        .Text(DicomTags.ShutterLeftVerticalEdge, "IS", Text(left)).Text(DicomTags.ShutterRightVerticalEdge, "IS", Text(right))
        .Text(DicomTags.ShutterUpperHorizontalEdge, "IS", Text(upper)).Text(DicomTags.ShutterLowerHorizontalEdge, "IS", Text(lower));

    private static Action<DicomBytes> Collimator(int left, int right, int upper, int lower) => file => file
        .Text(DicomTags.CollimatorShape, "CS", "RECTANGULAR")
        .Text(DicomTags.CollimatorLeftVerticalEdge, "IS", Text(left)).Text(DicomTags.CollimatorRightVerticalEdge, "IS", Text(right))
        .Text(DicomTags.CollimatorUpperHorizontalEdge, "IS", Text(upper)).Text(DicomTags.CollimatorLowerHorizontalEdge, "IS", Text(lower));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
