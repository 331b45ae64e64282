using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>The preprocessing as its definition reads, in double precision, one target pixel at a time, slowly.</summary>
/// <remarks>Shares no arithmetic with the product: overlaps of intervals as real numbers, no spans, no integers.</remarks>
internal static class PreprocessReference
{
    public static double[] Run(StoredPixels film, GrayscaleTransform transform, InputGeometry input, FilmView? view = null)
    {
        var shown = view ?? FilmView.Whole(film);
        var box = Letterbox.Fit(shown.Field.Rows, shown.Field.Columns, input.Height, input.Width, shown.Aspect);
        var target = new double[input.FilmLength];
        for (var c = 0; c < input.Channels; c++)
            for (var y = 0; y < input.Height; y++)
                for (var x = 0; x < input.Width; x++)
                {
                    var inside = y >= box.Top && y < box.Top + box.Height && x >= box.Left && x < box.Left + box.Width;
                    var brightness = inside ? Average(film, shown.Field, transform, box, y - box.Top, x - box.Left) : 0;
                    target[(c * input.Height + y) * input.Width + x] = (brightness - input.Mean[c]) / input.StandardDeviation[c];
                }

        return target;
    }

    private static double Average(StoredPixels film, FieldOfView field, GrayscaleTransform transform, Letterbox box, int y, int x)
    {
        double rowStep = (double)field.Rows / box.Height, columnStep = (double)field.Columns / box.Width, sum = 0, weights = 0;
        for (var row = (int)(y * rowStep); row < field.Rows && row < (y + 1) * rowStep; row++)
            for (var column = (int)(x * columnStep); column < field.Columns && column < (x + 1) * columnStep; column++)
            {
                var weight = Overlap(row, y * rowStep, rowStep) * Overlap(column, x * columnStep, columnStep);
                sum += weight * Brightness(transform, Stored(film, (field.Top + row) * film.Columns + field.Left + column));
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
        if (!transform.IsLinear) return transform.Table[Math.Clamp(stored - transform.FirstValue, 0, transform.Table.Length - 1)];
        var y = Math.Clamp((stored - (double)transform.Low) / ((double)transform.High - transform.Low), 0, 1);
        return transform.Scale < 0 ? 1 - y : y;
    }
}
