namespace BulkImplantScan.Imaging;

/// <summary>A film as the network sees it: its input undone to brightness, cut to the film.</summary>
public static class NetworkView
{
    /// <summary>Brightness of the film's pixels in 8 bits, from the first channel of the network's input.</summary>
    /// <param name="network">One film's input, fp32 [C, H, W], as <see cref="PreprocessSimd"/> writes it.</param>
    /// <param name="input">Shape and normalisation of that input.</param>
    /// <param name="letterbox">Where the film lies in it.</param>
    /// <returns>Grey, <see cref="Letterbox.Height"/> × <see cref="Letterbox.Width"/>, row after row, 255 bright.</returns>
    /// <exception cref="ArgumentException">Not C · H · W values.</exception>
    public static byte[] Brightness(ReadOnlySpan<float> network, InputGeometry input, Letterbox letterbox)
    {
        if (network.Length != input.FilmLength) throw new ArgumentException("not C · H · W floats", nameof(network));
        var grey = new byte[letterbox.Height * letterbox.Width];
        for (var y = 0; y < letterbox.Height; y++)
        {
            var row = network.Slice((letterbox.Top + y) * input.Width + letterbox.Left, letterbox.Width);
            for (var x = 0; x < row.Length; x++)
            {
                var brightness = row[x] * input.StandardDeviation[0] + input.Mean[0];
                grey[y * letterbox.Width + x] = (byte)(Math.Clamp(brightness, 0f, 1f) * 255f + 0.5f);
            }
        }

        return grey;
    }

    /// <summary>The mirror image of one film's input.</summary>
    /// <inheritdoc cref="Brightness"/>
    /// <returns>[C, H, W], each row reversed.</returns>
    internal static float[] Mirrored(ReadOnlySpan<float> network, InputGeometry input)
    {
        var mirrored = network.ToArray();
        for (var row = 0; row < mirrored.Length; row += input.Width) mirrored.AsSpan(row, input.Width).Reverse();
        return mirrored;
    }

    /// <summary>The same as a PNG file.</summary>
    /// <inheritdoc cref="Brightness"/>
    /// <returns>A grey PNG of <see cref="Letterbox.Width"/> × <see cref="Letterbox.Height"/> pixels.</returns>
    public static byte[] Png(ReadOnlySpan<float> network, InputGeometry input, Letterbox letterbox) =>
        PngWriter.Grey(Brightness(network, input, letterbox), letterbox.Width, letterbox.Height);
}
