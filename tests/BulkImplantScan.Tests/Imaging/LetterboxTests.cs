using BulkImplantScan.Imaging;
using CsCheck;

namespace BulkImplantScan.Tests.Imaging;

public class LetterboxTests
{
    [Theory]
    [InlineData(100, 100, 1, 1, 32, 32)]
    [InlineData(100, 100, 2, 1, 32, 16)] // pixels twice as high as wide: a film twice as high as wide
    [InlineData(100, 100, 1, 2, 16, 32)]
    [InlineData(50, 100, 2, 1, 32, 32)]
    [InlineData(65535, 65535, 1 << 19, 1 << 16, 32, 4)]
    public void It_keeps_the_aspect_of_the_film_not_of_its_pixels(int rows, int columns, int vertical, int horizontal, int height, int width)
    {
        var box = Letterbox.Fit(rows, columns, 32, 32, new(vertical, horizontal));
        Assert.Equal(new Letterbox((32 - height) / 2, (32 - width) / 2, height, width), box);
    }

    [Fact]
    public void Pixels_of_any_square_shape_give_the_same_box() =>
        Gen.Select(Gen.Int[1, 65535], Gen.Int[1, 65535], Gen.Int[1, 1 << 20]).Sample((rows, columns, side) =>
            Letterbox.Fit(rows, columns, 320, 224) == Letterbox.Fit(rows, columns, 320, 224, new(side, side)), iter: 500);

    [Fact]
    public void A_cut_shows_no_target_pixel_that_covers_anything_beside_the_field() =>
        Gen.Select(Gen.Int[20, 400], Gen.Int[20, 400], Gen.Int[0, 300], Gen.Int[0, 300], Gen.Int[1, 400], Gen.Int[1, 400])
            .Sample((rows, columns, top, left, height, width) =>
            {
                var whole = new FieldOfView(0, 0, rows, columns);
                var field = new FieldOfView(top, left, height, width).Intersect(whole);
                if (field.Rows < rows / 4 || field.Columns < columns / 4) return;
                var box = Letterbox.Fit(rows, columns, 64, 48);
                var cut = box.Cut(whole, field);
                Assert.True(cut.Top >= box.Top && cut.Left >= box.Left);
                for (var y = cut.Top; y < cut.Top + cut.Height; y++)
                {
                    var span = AreaSpan.Of(y - box.Top, new(rows, rows, 1, 0), box.Height);
                    Assert.True((span.First >= field.Top && span.Last < field.Top + field.Rows) || cut.Height == 1);
                }

                for (var x = cut.Left; x < cut.Left + cut.Width; x++)
                {
                    var span = AreaSpan.Of(x - box.Left, new(columns, columns, 1, 0), box.Width);
                    Assert.True((span.First >= field.Left && span.Last < field.Left + field.Columns) || cut.Width == 1);
                }
            }, iter: 500);
}
