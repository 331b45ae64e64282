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
        ReadOnlySpan<float> network, InputGeometry input, Letterbox letterbox, ReadOnlySpan<byte> map8, FeatureMapShape shape)
    {
        if (map8.Length != shape.Positions) throw new ArgumentException("not H · W bytes", nameof(map8));
        var grey = NetworkView.Brightness(network, input, letterbox);
        var colours = HeatColours.Rgb;
        var rgb = new byte[3 * grey.Length];
        for (var y = 0; y < letterbox.Height; y++)
        {
            var (top, bottom, down) = Neighbours(letterbox.Top + y, input.Height, shape.Height);
            for (var x = 0; x < letterbox.Width; x++)
            {
                var (left, right, across) = Neighbours(letterbox.Left + x, input.Width, shape.Width);
                var upper = Mix(map8[top * shape.Width + left], map8[top * shape.Width + right], across);
                var lower = Mix(map8[bottom * shape.Width + left], map8[bottom * shape.Width + right], across);
                var heat = Mix(upper, lower, down);
                var colour = 3 * (int)(heat + 0.5f);

                // Rises faster than the heat, v(2 − v): half the peak must be seen on a bright film too.
                var opacity = PeakOpacity * heat / 255f * (2f - heat / 255f);
                var pixel = y * letterbox.Width + x;
                for (var c = 0; c < 3; c++)
                    rgb[3 * pixel + c] = (byte)(Mix(grey[pixel], colours[colour + c], opacity) + 0.5f);
            }
        }

        return rgb;
    }

    private static float Mix(float from, float to, float share) => from + (to - from) * share;

    /// <summary>The two cells whose centres lie around the centre of an input pixel, and how far it is towards the second.</summary>
    private static (int Before, int After, float Share) Neighbours(int pixel, int pixels, int cells)
    {
        var position = Math.Clamp((pixel + 0.5f) * cells / pixels - 0.5f, 0f, cells - 1f);
        var before = (int)position;
        return (before, Math.Min(before + 1, cells - 1), position - before);
    }
}
