using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms;
using CsCheck;

namespace BulkImplantScan.Tests.Imaging;

public class ImageBorderTests
{
    private const int Rows = 500;
    private const int Columns = 400;

    // The truth of the drawn films below.
    private static readonly FieldOfView Field = new(40, 30, 400, 330);

    [Theory]
    [InlineData(0)]
    [InlineData(2000)]
    [InlineData(4095)]
    public void A_frame_of_one_value_is_cut_to_the_pixel(int frame)
    {
        using var film = Draw((y, x) => Within(Field, y, x) ? Tissue(y, x) : frame);
        Assert.Equal(Field, Find(film));
    }

    [Fact]
    public void Text_burnt_into_the_border_does_not_hide_the_border()
    {
        using var film = Draw((y, x) => Within(Field, y, x) ? Tissue(y, x) : IsText(y, x) ? 4095 : 0);
        Assert.Equal(Field, Find(film));
    }

    [Fact]
    public void A_marker_at_the_edge_of_the_field_stays_in_it()
    {
        using var film = Draw((y, x) => Within(Field, y, x) ? y < 70 && x is > 300 and < 340 ? 4000 : Tissue(y, x) : 0);
        Assert.Equal(Field, Find(film));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_unexposed_border_with_noise_and_a_soft_edge_is_cut(bool isInverted)
    {
        // The field is at the right of a bright band that scattered light makes darker towards it.
        using var film = Draw((y, x) =>
        {
            var value = x < 60 ? 3900 - (3 * x) + Noise(y, x, 120) : Math.Max(Tissue(y, x), 3900 - ((x - 60) * 400));
            return isInverted ? 4095 - value : value;
        });
        var found = Find(film, isInverted);
        Assert.Equal((0, Rows, Columns - found.Left), (found.Top, found.Rows, found.Columns));
        Assert.InRange(found.Left, 55, 67); // the edge falls from 60 to 67
    }

    [Fact]
    public void Of_a_tilted_border_only_the_part_before_the_whole_edge_is_cut()
    {
        // From column 40 at the top to 65 at the bottom: 3°.
        using var film = Draw((y, x) => x < 40 + (y / 20) ? 0 : Tissue(y, x));
        var found = Find(film);
        Assert.Equal((0, Rows, Columns - found.Left), (found.Top, found.Rows, found.Columns));
        Assert.InRange(found.Left, 35, 40);
    }

    [Fact]
    public void A_white_frame_around_a_black_shutter_goes_too()
    {
        using var film = Draw((y, x) =>
            Within(Field, y, x) ? Tissue(y, x) : y is < 15 or >= Rows - 15 || x is < 15 or >= Columns - 15 ? 4095 : 0);
        Assert.Equal(Field, Find(film));
    }

    [Theory]
    [InlineData("air at one side behind a thigh's round skin")]
    [InlineData("a nail that leaves the film")]
    [InlineData("a plate along the side of the film")]
    [InlineData("nothing but tissue")]
    [InlineData("tissue that brightens into bone")]
    [InlineData("a border that would leave less than a third of the film")]
    public void Nothing_is_cut_from(string film)
    {
        Func<int, int, int> draw = film switch
        {
            // Air is saturated and so constant; the chord through a thigh of radius 900 gives how fast skin brightens.
            "air at one side behind a thigh's round skin" => (y, x) =>
            {
                double depth = x - 80 - Math.Pow((y - 250) / 40.0, 2);
                return depth <= 0 ? 0 : Math.Min(Tissue(y, x), (int)(25 * Math.Sqrt(2 * 30 * depth)) / 4);
            },
            "a nail that leaves the film" => (y, x) => Math.Abs(x - 200 + (y / 10)) < 30 ? 4000 : Tissue(y, x),
            "a plate along the side of the film" => (y, x) => x is > 40 and < 70 && y > 100 ? 3900 : Tissue(y, x),
            "tissue that brightens into bone" => (y, x) => 1200 + (x < 60 ? 0 : x < 120 ? 900 : 0) + Noise(y, x, 60),
            "a border that would leave less than a third of the film" => (y, x) => Within(new(150, 100, 200, 150), y, x) ? Tissue(y, x) : 0,
            _ => Tissue,
        };
        using var pixels = Draw(draw);
        Assert.Equal(FieldOfView.Whole(pixels), Find(pixels));
    }

    [Fact]
    public void Any_film_of_any_kind_gives_a_field_within_it_and_the_same_one_again() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 120], Gen.Int[0, 3], Gen.Int[0, 1000], Gen.Int[1, 16], Gen.Bool).Sample((rows, columns, kind, seed, bits, inverted) =>
        {
            using var film = Films.Noise((SampleKind)kind, rows, columns, seed, bits);
            if (seed % 3 == 0) film.Bytes[..(film.Bytes.Length / 5)].Clear();
            var whole = FieldOfView.Whole(film);
            var found = ImageBorder.Find(film, whole, inverted);
            return found.FitsIn(rows, columns) && found == ImageBorder.Find(film, whole, inverted)
                && 3L * found.Rows * found.Columns >= (long)rows * columns;
        }, iter: 1000);

    /// <summary>80 phantoms of 1400 pixels; the figures stand in docs/dicom.md.</summary>
    [Fact]
    public void On_phantoms_the_field_is_found_and_nearly_nothing_of_it_is_cut()
    {
        var designs = Enum.GetValues<Design>();
        var results = new (double Iou, double WholeIou, double OverCrop)[80];
        Parallel.For(0, results.Length, i =>
        {
            var phantom = Phantom.Render((ulong)(9_100_000 + i), designs[i % designs.Length], 1400);
            using var film = Films.Of(SampleKind.U16, phantom.Rows, phantom.Columns, (y, x) => phantom.Stored[(y * phantom.Columns) + x], phantom.BitsStored);
            var found = Find(film, phantom.Monochrome1);
            var both = Area(found.Intersect(phantom.Field));
            results[i] = (
                both / (Area(found) + Area(phantom.Field) - both), Area(phantom.Field) / Area(FieldOfView.Whole(film)), 1 - (both / Area(phantom.Field)));
        });
        var measured = FormattableString.Invariant(
            $"mean IoU {results.Average(r => r.Iou):F4} (without a crop {results.Average(r => r.WholeIou):F4}), worst over-crop {results.Max(r => r.OverCrop):P2}");
        TestContext.Current.SendDiagnosticMessage(measured);
        Assert.True(results.Average(r => r.Iou) > 0.96 && results.Max(r => r.OverCrop) < 0.03, measured);
    }

    /// <summary>32 phantoms of usual size, half of them large enough for two levels. Of the second edition, with its grid lines and text, two
    /// have another field: an edge that is near a threshold.</summary>
    [Theory]
    [InlineData(PhantomEdition.First, 29, 0)]
    [InlineData(PhantomEdition.Second, 28, 2)]
    public void A_film_decoded_at_a_reduced_resolution_has_the_field_that_it_has_in_full(PhantomEdition edition, int same, int other)
    {
        var designs = Enum.GetValues<Design>();
        var results = new (bool IsCut, int Difference)[32];
        Parallel.For(0, results.Length, i =>
        {
            var phantom = Phantom.Render(new FilmPlan { Seed = (ulong)(9_200_000 + i), Design = designs[i % designs.Length], LongSidePixels = i % 2 == 0 ? 2000 : 2800, Edition = edition });
            using var film = Films.Of(SampleKind.U16, phantom.Rows, phantom.Columns, (y, x) => phantom.Stored[(y * phantom.Columns) + x], phantom.BitsStored);
            using var reduced = LowBand.Of(film, i % 2 + 1);
            var (inFull, found) = (Find(film, phantom.Monochrome1), Find(reduced, phantom.Monochrome1));
            results[i] = (inFull != FieldOfView.Whole(film), new[]
            {
                inFull.Top - found.Top, inFull.Left - found.Left, inFull.Top + inFull.Rows - found.Top - found.Rows, inFull.Left + inFull.Columns - found.Left - found.Columns,
            }.Max(Math.Abs));
        });
        var measured = $"{results.Count(r => r.IsCut)} cut, differences {string.Join(' ', results.Select(r => r.Difference))}";
        TestContext.Current.SendDiagnosticMessage(measured);
        Assert.True(results.Count(r => r.IsCut) >= 12 && results.Count(r => r.Difference == 0) >= same && results.Count(r => r.Difference > 1) <= other, measured);
    }

    private static double Area(FieldOfView field) => (double)field.Rows * field.Columns;

    private static FieldOfView Find(StoredPixels film, bool isInverted = false) => ImageBorder.Find(film, FieldOfView.Whole(film), isInverted);

    private static StoredPixels Draw(Func<int, int, int> value) => Films.Of(SampleKind.U16, Rows, Columns, value, bitsStored: 12);

    private static bool Within(FieldOfView field, int y, int x) =>
        y >= field.Top && y < field.Top + field.Rows && x >= field.Left && x < field.Left + field.Columns;

    /// <summary>Soft tissue and a shaft of bone, with noise.</summary>
    private static int Tissue(int y, int x) =>
        1000 + (int)(300 * Math.Sin(y / 90.0)) + (Math.Abs(x - 210 + (y / 15)) < 40 ? 900 : 0) + Noise(y, x, 60);

    private static int Noise(int y, int x, int height) => (int)((uint)((y * 7919) + (x * 104_729) + (x * y * 31)) * 2_654_435_761u >> 16) % height;

    /// <summary>Two lines of strokes at the top, one at the bottom, as long as a name.</summary>
    private static bool IsText(int y, int x) => (y is > 8 and < 18 or > 22 and < 32 or > 455 and < 470) && x is > 60 and < 300 && x % 7 < 2;
}
