namespace BulkImplantScan.Imaging;

/// <summary>Three running means along each axis: nearly a Gaussian, in time that does not grow with its width.</summary>
internal static class RunningMeans
{
    /// <summary>A blurred copy; beside the edge nothing is taken.</summary>
    /// <param name="film">[channels, height, width].</param>
    /// <param name="channels">Blurred each for itself.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="share">Half width of each mean as a share of rows and columns.</param>
    public static float[] Blurred(float[] film, int channels, int height, int width, double share)
    {
        var (from, to) = ((float[])film.Clone(), new float[film.Length]);
        for (var pass = 0; pass < 3; pass++)
        {
            for (var line = 0; line < channels * height; line++) Along(from, to, line * width, 1, width, (int)(share * width));
            for (var channel = 0; channel < channels; channel++)
                for (var x = 0; x < width; x++) Along(to, from, channel * height * width + x, width, height, (int)(share * height));
        }

        return from;
    }

    private static void Along(float[] from, float[] to, int start, int step, int count, int half)
    {
        double sum = 0;
        for (var i = 0; i < Math.Min(half, count); i++) sum += from[start + i * step];
        for (var i = 0; i < count; i++)
        {
            if (i + half < count) sum += from[start + (i + half) * step];
            if (i - half - 1 >= 0) sum -= from[start + (i - half - 1) * step];
            to[start + i * step] = (float)(sum / (Math.Min(i + half, count - 1) - Math.Max(i - half, 0) + 1));
        }
    }
}
