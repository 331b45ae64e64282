using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Explanation;

public class OverlayTests
{
    private static readonly InputGeometry Input = new(3, 32, 32, [0.5f, 0.4f, 0.3f], [0.25f, 0.2f, 0.1f]);
    private static readonly FeatureMapShape Shape = new(1, 4, 4);

    [Fact]
    public void Under_an_empty_map_the_film_is_grey_as_the_network_sees_it()
    {
        using var film = Tests.Imaging.Films.Noise(SampleKind.U8, 32, 16, 1);
        var transform = GrayscaleTransform.Linear(0, 255, false);
        var network = new float[Input.FilmLength];
        var box = PreprocessSimd.Run(film, transform, Input, network, new());

        var grey = NetworkView.Brightness(network, Input, box);
        var rgb = Overlay.Blend(network, Input, box, new byte[16], Shape);

        Assert.Equal(film.Samples<byte>().ToArray(), grey); // 32 × 16 fits without resampling
        Assert.Equal(grey.SelectMany(v => new[] { v, v, v }), rgb);
    }

    [Fact]
    public void Colour_is_strongest_at_the_peak_and_falls_off_evenly()
    {
        var network = new float[Input.FilmLength];
        var box = new Letterbox(0, 0, 32, 32);
        var map8 = new byte[16];
        map8[5] = 255; // cell of rows and columns 8 to 15
        var rgb = Overlay.Blend(network, Input, box, map8, Shape);
        var grey = NetworkView.Brightness(network, Input, box);

        int Change(int y, int x) => Enumerable.Range(0, 3).Sum(c => Math.Abs(rgb[3 * (y * 32 + x) + c] - grey[y * 32 + x]));
        Assert.True(Change(11, 11) > 60);
        Assert.Equal(Change(11, 11), Change(12, 12)); // the cell's centre lies between them
        Assert.True(Change(12, 12) > Change(14, 14) && Change(14, 14) > Change(18, 18));
        Assert.Equal(0, Change(25, 25));
    }

    [Fact]
    public void Colours_rise_in_lightness_from_level_to_level()
    {
        var lightness = Enumerable.Range(0, 256).Select(level => Lightness(HeatColours.Rgb.AsSpan(3 * level, 3))).ToArray();
        for (var level = 1; level < 256; level++)
            Assert.True(lightness[level] > lightness[level - 1] - 0.4, $"level {level}"); // 8-bit rounding
        Assert.True(lightness[0] < 15 && lightness[255] > 88);

        // CIE 1976 L*, of BT.709 luminance.
        static double Lightness(ReadOnlySpan<byte> rgb)
        {
            var y = 0.2126 * Linear(rgb[0]) + 0.7152 * Linear(rgb[1]) + 0.0722 * Linear(rgb[2]);
            return y > 0.008856 ? 116 * Math.Cbrt(y) - 16 : 903.3 * y;
        }

        static double Linear(byte v) => v / 255.0 <= 0.04045 ? v / 255.0 / 12.92 : Math.Pow((v / 255.0 + 0.055) / 1.055, 2.4);
    }

    [Fact]
    public void The_picture_is_cut_to_the_film_and_always_the_same()
    {
        var network = new float[Input.FilmLength];
        var box = new Letterbox(3, 0, 25, 32);
        var png = Overlay.Png(network, Input, box, new byte[16], Shape);
        Assert.Equal([0, 0, 0, 32, 0, 0, 0, 25], png[16..24]); // IHDR: width, height
        Assert.Equal(png, Overlay.Png(network, Input, box, new byte[16], Shape));
        Assert.Throws<ArgumentException>(() => Overlay.Png(network, Input, box, new byte[15], Shape));
        Assert.Throws<ArgumentException>(() => Overlay.Png(network.AsSpan(1), Input, box, new byte[16], Shape));
    }
}
