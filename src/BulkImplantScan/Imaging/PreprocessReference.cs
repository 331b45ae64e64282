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
    /// <param name="view">What of the film is shown; null for all of it.</param>
    /// <returns>[C, H, W], normalised; beside the film lies (0 − mean) / deviation.</returns>
    public static double[] Run(StoredPixels film, GrayscaleTransform transform, InputGeometry input, FilmView? view = null)
    {
        var shown = view ?? FilmView.Whole(film);
        var box = Letterbox.Fit(shown.Field.Rows, shown.Field.Columns, input.Height, input.Width, shown.Aspect);
        var target = new double[input.FilmLength];
        for (var y = 0; y < input.Height; y++)
            for (var x = 0; x < input.Width; x++)
            {
                var across = shown.IsMirrored ? input.Width - 1 - x : x;
                var inside = y >= box.Top && y < box.Top + box.Height && across >= box.Left && across < box.Left + box.Width;
                var brightness = inside ? Average(film, shown.Field, transform, box, y - box.Top, across - box.Left) : 0;
                for (var c = 0; c < input.Channels; c++)
                    target[(c * input.Height + y) * input.Width + x] = (brightness - input.Mean[c]) / input.StandardDeviation[c];
            }

        return target;
    }

    private static double Average(StoredPixels film, FieldOfView field, GrayscaleTransform transform, Letterbox box, int y, int x)
    {
        double rowStep = (double)field.Rows / box.Height, columnStep = (double)field.Columns / box.Width, sum = 0, weights = 0;
        double top = field.Top + y * rowStep, left = field.Left + x * columnStep, pitch = Math.Pow(2, film.Reduction.Levels);
        for (var row = (int)(top / pitch); row < film.Rows && Begin(row, pitch) < top + rowStep; row++)
            for (var column = (int)(left / pitch); column < film.Columns && Begin(column, pitch) < left + columnStep; column++)
            {
                var weight = Overlap(row, film.Rows, pitch, top, rowStep) * Overlap(column, film.Columns, pitch, left, columnStep);
                sum += weight * Brightness(transform, Stored(film, row * film.Columns + column));
                weights += weight;
            }

        return sum / weights;
    }

    /// <summary>Where a sample's share of the film begins: it lies on the middle of a pixel, and stands for half of the way to the next.</summary>
    private static double Begin(int sample, double pitch) => pitch * (sample - 0.5) + 0.5;

    private static double Overlap(int sample, int samples, double pitch, double start, double length)
    {
        var end = sample == samples - 1 ? double.PositiveInfinity : Begin(sample + 1, pitch);
        return Math.Max(0, Math.Min(end, start + length) - Math.Max(Begin(sample, pitch), start));
    }

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
