namespace BulkImplantScan.Imaging;

/// <summary>The preprocessing as its definition reads, in double precision, one target pixel at a time, slowly.</summary>
/// <remarks>Shares no arithmetic with <see cref="PreprocessSimd"/> and <see cref="PreprocessKernel"/>: overlaps of intervals as real
/// numbers, no spans, no integers. Tests hold those two to it, and so does a running scan (<c>--self-check</c>).</remarks>
internal static class PreprocessReference
{
    /// <summary>Resamples one film into the input of a network.</summary>
    /// <param name="film">One sample per pixel, of kind U8, S8, U16 or S16.</param>
    /// <param name="transform">Brightness of a stored value.</param>
    /// <param name="input">Shape and normalisation of the network's input.</param>
    /// <returns>[C, H, W], normalised; beside the film lies (0 − mean) / deviation.</returns>
    public static double[] Run(StoredPixels film, GrayscaleTransform transform, InputGeometry input)
    {
        var box = Letterbox.Fit(film.Rows, film.Columns, input.Height, input.Width);
        var target = new double[input.FilmLength];
        for (var y = 0; y < input.Height; y++)
            for (var x = 0; x < input.Width; x++)
            {
                var inside = y >= box.Top && y < box.Top + box.Height && x >= box.Left && x < box.Left + box.Width;
                var brightness = inside ? Average(film, transform, box, y - box.Top, x - box.Left) : 0;
                for (var c = 0; c < input.Channels; c++)
                    target[(c * input.Height + y) * input.Width + x] = (brightness - input.Mean[c]) / input.StandardDeviation[c];
            }

        return target;
    }

    private static double Average(StoredPixels film, GrayscaleTransform transform, Letterbox box, int y, int x)
    {
        double rowStep = (double)film.Rows / box.Height, columnStep = (double)film.Columns / box.Width, sum = 0, weights = 0;
        for (var row = (int)(y * rowStep); row < film.Rows && row < (y + 1) * rowStep; row++)
            for (var column = (int)(x * columnStep); column < film.Columns && column < (x + 1) * columnStep; column++)
            {
                var weight = Overlap(row, y * rowStep, rowStep) * Overlap(column, x * columnStep, columnStep);
                sum += weight * Brightness(transform, Stored(film, row * film.Columns + column));
                weights += weight;
            }

        return sum / weights;
    }

    private static double Overlap(int pixel, double start, double length) =>
        Math.Max(0, Math.Min(pixel + 1, start + length) - Math.Max(pixel, start));

    private static int Stored(StoredPixels film, int i) => film.Kind switch
    {
        SampleKind.U8 => film.Samples<byte>()[i],
        SampleKind.S8 => film.Samples<sbyte>()[i],
        SampleKind.U16 => film.Samples<ushort>()[i],
        _ => film.Samples<short>()[i],
    };

    private static double Brightness(GrayscaleTransform transform, int stored)
    {
        if (!transform.IsLinear)
            return transform.Table[(int)Math.Clamp((long)stored - transform.FirstValue, 0, transform.Table.Length - 1)];
        var y = Math.Clamp((stored - (double)transform.Low) / ((double)transform.High - transform.Low), 0, 1);
        return transform.Scale < 0 ? 1 - y : y;
    }
}
