using System.Runtime.Intrinsics;
using BulkImplantScan.Phantoms.Anatomy;

namespace BulkImplantScan.Phantoms.Tests.Anatomy;

public sealed class TextureTests
{
    [Theory]
    [InlineData(700, 0, 0)] // anywhere
    [InlineData(0, 0.9, 0.1)] // a row of cells: rising, falling, over the edge of the tile
    [InlineData(0, 1.3, 0.3)] // some rows of which are near each other, and some not
    [InlineData(0, 0, 0)]
    public void Eight_places_at_once_have_the_very_values_of_one_at_a_time(double apart, double stepX, double stepY)
    {
        var draw = new Draw(3, "places");
        for (var i = 0; i < 2000; i++)
        {
            double startX = draw.Uniform(-700, 700), startY = draw.Uniform(-700, 700), dx = draw.Uniform(-stepX, stepX), dy = draw.Uniform(-stepY, stepY);
            Vector256<float> x = default, y = default;
            for (var lane = 0; lane < 8; lane++)
            {
                x = x.WithElement(lane, (float)(startX + lane * dx + draw.Uniform(-apart, apart)));
                y = y.WithElement(lane, (float)(startY + lane * dy + draw.Uniform(-apart, apart)));
            }

            var together = Texture.At(x, y);
            for (var lane = 0; lane < 8; lane++) Assert.Equal(Texture.At(x[lane], y[lane]), together[lane]);
        }
    }

    [Fact]
    public void It_wraps_and_has_no_steps()
    {
        Assert.Equal(Texture.At(3.25f, 7.5f), Texture.At(3.25f + 256, 7.5f - 256));
        for (var x = 0f; x < 300; x += 0.125f) Assert.InRange(Math.Abs(Texture.At(x + 0.125f, 5.5f) - Texture.At(x, 5.5f)), 0, 0.6f);
    }
}
