using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms;

namespace BulkImplantScan.Tests.Imaging;

public class MirrorAxisTests
{
    /// <summary>Bones, more or less: a mirror image about a column, with metal on one side.</summary>
    private static StoredPixels Pelvis(double middle, bool metal, SampleKind kind = SampleKind.U16, int rows = 300, int columns = 380, double tilt = 0) =>
        Films.Of(kind, rows, columns, (y, x) =>
        {
            var at = x - middle - (tilt * (y - (rows / 2.0)));
            if (metal && at is > 60 and < 75 && y is > 80 and < 260) return Full(1);
            double beside = Math.Abs(at), value = 0.3 + (0.2 * Math.Sin(beside / 9) * Math.Cos(y / 13.0)) + (0.15 * Math.Sin((beside + y) / 21)) + (0.01 * ((x * 7919 + y * 104729) % 11));
            return Full(value);
        }, kind == SampleKind.U8 ? 8 : 12);

    private static int Full(double share) => (int)(Math.Clamp(share, 0, 1) * 255);

    private static MirrorAxis Of(StoredPixels film, FieldOfView? field = null)
    {
        var view = new FilmView(field ?? FieldOfView.Whole(film), PixelAspect.Square);
        return MirrorAxis.Find(film, GrayscaleTransform.Linear(0, 255, inverted: false), view);
    }

    [Theory]
    [InlineData(190, false, 0)]
    [InlineData(160, true, 0)]
    [InlineData(221, true, 0.08)]
    public void It_is_found_beside_metal_on_one_side_and_tilted(double middle, bool metal, double tilt)
    {
        using var film = Pelvis(middle, metal, tilt: tilt);
        var axis = Of(film);
        Assert.Equal(middle / 380, axis.Column, 0.012); // a cell is 1/64
        Assert.InRange(axis.Symmetry, 0.45, 1);
    }

    [Fact]
    public void It_is_that_of_the_field_whatever_lies_beside_it()
    {
        using var film = Pelvis(200, metal: true);
        Assert.Equal((200 - 60) / 300.0, Of(film, new(20, 60, 250, 300)).Column, 0.015);
    }

    [Fact]
    public void Bytes_and_words_and_signs_give_the_same()
    {
        using var words = Pelvis(180, metal: true);
        using var bytes = Pelvis(180, metal: true, SampleKind.U8);
        using var signed = Pelvis(180, metal: true, SampleKind.S16);
        Assert.Equal(Of(words), Of(bytes));
        Assert.Equal(Of(words), Of(signed));
    }

    [Fact]
    public void An_even_film_and_a_tiny_one_have_none()
    {
        using var even = Films.Of(SampleKind.U16, 300, 380, (_, _) => 77);
        Assert.Equal(0, Of(even).Symmetry);
        using var tiny = Films.Of(SampleKind.U16, 2, 900, (_, x) => x % 13);
        Assert.Equal(0, Of(tiny).Symmetry);
    }

    [Fact]
    public void Of_pelvis_phantoms_it_is_the_middle_between_the_heads_and_hips_have_less_of_it()
    {
        foreach (var edition in new[] { PhantomEdition.First, PhantomEdition.Second })
        {
            var (pelves, hips) = (Symmetries(ViewChoice.Pelvis, edition), Symmetries(ViewChoice.Hip, edition));
            Assert.True(pelves.Average() > hips.Average() + 0.15, $"{edition}: pelves {string.Join(' ', pelves)}, hips {string.Join(' ', hips)}");
        }
    }

    private static double[] Symmetries(ViewChoice view, PhantomEdition edition)
    {
        var options = new PhantomOptions { Count = 12, OutFolder = "", Seed = 31, LongSidePixels = 384, View = view, Edition = edition };
        return [.. PhantomArchive.Plans(options).Select(planned =>
        {
            var phantom = Phantom.Render(planned.Plan);
            using var film = Films.Of(SampleKind.U16, phantom.Rows, phantom.Columns, (y, x) => phantom.Stored[(y * phantom.Columns) + x], phantom.BitsStored);
            var axis = MirrorAxis.Find(film, phantom.Transform, FilmView.Whole(film));
            if (phantom.Hips.Count == 2 && axis.Symmetry > 0.4) Assert.Equal(phantom.Hips.Average(hip => hip.HeadCentre.Column) / phantom.Columns, axis.Column, 0.06);
            return axis.Symmetry;
        })];
    }
}
