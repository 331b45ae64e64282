using BulkImplantScan.Imaging;

namespace BulkImplantScan.Explanation;

/// <summary>A film with its Grad-CAM laid over it, as PNG.</summary>
/// <remarks>Made from what a row holds (the 8-bit map) and the network's input, so it can be drawn again later.</remarks>
public static class Overlay
{
    /// <summary>Largest share of colour: at the peak the film still shows through.</summary>
    private const float PeakOpacity = 0.65f;

    /// <summary>Draws the film as the network sees it, cut to the film, under the map enlarged bilinearly.</summary>
    /// <param name="network">One film's input, fp32 [C, H, W].</param>
    /// <param name="input">Shape and normalisation of that input.</param>
    /// <param name="letterbox">Where the film lies in it.</param>
    /// <param name="map8">[H, W] of <paramref name="shape"/>: <see cref="CamSummary.Map8"/>; the map covers the whole input.</param>
    /// <param name="shape">Height and width of the map.</param>
    /// <returns>An RGB PNG of <see cref="Letterbox.Width"/> × <see cref="Letterbox.Height"/> pixels. Where the map is 0 the film
    /// is grey as it was: an empty map gives the bare film.</returns>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public static byte[] Png(
        ReadOnlySpan<float> network, InputGeometry input, Letterbox letterbox, ReadOnlySpan<byte> map8, FeatureMapShape shape) =>
        PngWriter.Rgb(Blend(network, input, letterbox, map8, shape), letterbox.Width, letterbox.Height);

    /// <summary>The pixels of <see cref="Png"/>: RGB, row after row.</summary>
    internal static byte[] Blend(
        ReadOnlySpan<float> network, InputGeometry input, Letterbox letterbox, ReadOnlySpan<byte> map8, FeatureMapShape shape) =>
        Blend(
            new(NetworkView.Brightness(network, input, letterbox), letterbox.Height, letterbox.Width),
            new(letterbox.Top, 1, 0, letterbox.Height), new(letterbox.Left, 1, 0, letterbox.Width), input, map8, shape);

    /// <summary>Draws the map over a picture of the whole film, of which the network was shown a part: beside it there is no map.</summary>
    /// <param name="picture">The whole film.</param>
    /// <param name="whole">Its extent in pixels of the film.</param>
    /// <param name="shown">What the network was shown, in the same pixels.</param>
    /// <param name="input">Shape of the network's input.</param>
    /// <param name="letterbox">Where <paramref name="shown"/> lies in it.</param>
    /// <param name="map8">[H, W] of <paramref name="shape"/>.</param>
    /// <param name="shape">Height and width of the map.</param>
    /// <returns>An RGB PNG of the picture's size.</returns>
    internal static byte[] OnPicture(
        FilmPicture picture, FieldOfView whole, FieldOfView shown, InputGeometry input, Letterbox letterbox, ReadOnlySpan<byte> map8,
        FeatureMapShape shape)
    {
        var down = Axis.Of(picture.Height, whole.Rows, shown.Top, shown.Rows, letterbox.Top, letterbox.Height);
        var across = Axis.Of(picture.Width, whole.Columns, shown.Left, shown.Columns, letterbox.Left, letterbox.Width);
        return PngWriter.Rgb(Blend(picture, down, across, input, map8, shape), picture.Width, picture.Height);
    }

    private static byte[] Blend(
        FilmPicture picture, Axis downAxis, Axis acrossAxis, InputGeometry input, ReadOnlySpan<byte> map8, FeatureMapShape shape)
    {
        if (map8.Length != shape.Positions) throw new ArgumentException("not H · W bytes", nameof(map8));
        var grey = picture.Grey;
        var colours = HeatColours.Rgb;
        var rgb = new byte[3 * grey.Length];
        for (var y = 0; y < picture.Height; y++)
        {
            var (top, bottom, down) = Neighbours(downAxis.At(y), input.Height, shape.Height);
            for (var x = 0; x < picture.Width; x++)
            {
                var pixel = y * picture.Width + x;
                if (y < downAxis.First || y >= downAxis.End || x < acrossAxis.First || x >= acrossAxis.End)
                {
                    rgb.AsSpan(3 * pixel, 3).Fill(grey[pixel]);
                    continue;
                }

                var (left, right, across) = Neighbours(acrossAxis.At(x), input.Width, shape.Width);
                var upper = Mix(map8[top * shape.Width + left], map8[top * shape.Width + right], across);
                var lower = Mix(map8[bottom * shape.Width + left], map8[bottom * shape.Width + right], across);
                var heat = Mix(upper, lower, down);
                var colour = 3 * (int)(heat + 0.5f);

                // Rises faster than the heat, v(2 − v): half the peak must be seen on a bright film too.
                var opacity = PeakOpacity * heat / 255f * (2f - heat / 255f);
                for (var c = 0; c < 3; c++)
                    rgb[3 * pixel + c] = (byte)(Mix(grey[pixel], colours[colour + c], opacity) + 0.5f);
            }
        }

        return rgb;
    }

    private static float Mix(float from, float to, float share) => from + (to - from) * share;

    /// <summary>The two cells whose centres lie around a place of the input, and how far it is towards the second.</summary>
    private static (int Before, int After, float Share) Neighbours(float place, int pixels, int cells)
    {
        var position = Math.Clamp(place * cells / pixels - 0.5f, 0f, cells - 1f);
        var before = (int)position;
        return (before, Math.Min(before + 1, cells - 1), position - before);
    }

    /// <summary>Where a picture's pixels lie in the network's input, along one axis.</summary>
    /// <param name="Start">Place in the input of the picture's first edge.</param>
    /// <param name="Scale">Input pixels a picture pixel.</param>
    /// <param name="First">First pixel of the picture that the network was shown.</param>
    /// <param name="End">One behind the last.</param>
    private readonly record struct Axis(float Start, float Scale, int First, int End)
    {
        /// <summary>Of a picture of a whole film.</summary>
        public static Axis Of(int pixels, int whole, int shownFirst, int shownCount, int boxFirst, int boxCount)
        {
            var perFilmPixel = (double)boxCount / shownCount;
            return new(
                (float)(boxFirst - (shownFirst * perFilmPixel)), (float)((double)whole / pixels * perFilmPixel),
                (int)Math.Round((double)shownFirst * pixels / whole), (int)Math.Round((double)(shownFirst + shownCount) * pixels / whole));
        }

        /// <summary>The centre of a pixel, in input pixels from the input's edge.</summary>
        public float At(int pixel) => Start + ((pixel + 0.5f) * Scale);
    }
}
