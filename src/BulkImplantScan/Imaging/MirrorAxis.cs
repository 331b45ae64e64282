using System.Numerics;
using System.Numerics.Tensors;

namespace BulkImplantScan.Imaging;

/// <summary>The line, upright or tilted a little, about which a film is most like its mirror image.</summary>
/// <remarks><code>
/// film ─▶ brightness, 64 cells ─▶ what differs from the cells around, clipped ─▶ turned by −9 … 9° ─▶ correlation with the mirror
///                                                                                image about each column of the middle third
/// </code>
/// Differences from around, since a body is as thick to the left as to the right wherever the middle is; clipped at what is usual, since
/// metal and markers stand on one side. Turned, since few lie straight. Correlations are of whole numbers: the same on every
/// machine, whatever its vectors.</remarks>
/// <param name="Column">Where it crosses the middle row of the field: 0 left, 1 right.</param>
/// <param name="Symmetry">Correlation about it, −1 to 1; 0 where a film is too small or even to say.</param>
public readonly record struct MirrorAxis(double Column, double Symmetry)
{
    /// <summary>Cells along the longer side.</summary>
    private const int Cells = 64;

    /// <summary>Points a cell and side: noise of single pixels does not show.</summary>
    private const int Points = 4;

    /// <summary>Cells to either side that a cell is compared with: some 25 mm of a pelvis, wider than a bone's edge.</summary>
    private const int Around = 4;

    /// <summary>Less of full brightness is what rounding leaves of an even film.</summary>
    private const float LeastRelief = 1e-4f;

    private const int LeastCells = 16;
    private const int Full = 127;
    private const double FirstColumn = 0.34, LastColumn = 0.66;

    // Of 3°, 6° and 9°, written out: not every system's library rounds a sine alike.
    private static readonly (double Sine, double Cosine)[] Turns =
    [
        (0, 1), (-0.052335956242943835, 0.9986295347545738), (0.052335956242943835, 0.9986295347545738),
        (-0.10452846326765347, 0.9945218953682733), (0.10452846326765347, 0.9945218953682733),
        (-0.15643446504023087, 0.9876883405951378), (0.15643446504023087, 0.9876883405951378),
    ];

    /// <summary>Finds it in a field of a film.</summary>
    /// <param name="film">One sample per pixel, of kind U8, S8, U16 or S16.</param>
    /// <param name="transform">Brightness of a stored value.</param>
    /// <param name="view">Where to look, and the shape of pixels.</param>
    public static MirrorAxis Find(StoredPixels film, GrayscaleTransform transform, FilmView view)
    {
        var box = view.FitInto(Cells, Cells);
        if (Math.Min(box.Height, box.Width) < LeastCells) return new(0.5, 0);
        var brightness = film.Kind switch
        {
            SampleKind.U8 => Brightness(film.Samples<byte>(), film, transform, view.Field, box),
            SampleKind.S8 => Brightness(film.Samples<sbyte>(), film, transform, view.Field, box),
            SampleKind.U16 => Brightness(film.Samples<ushort>(), film, transform, view.Field, box),
            SampleKind.S16 => Brightness(film.Samples<short>(), film, transform, view.Field, box),
            _ => throw new ArgumentException("8 or 16 bits", nameof(film)),
        };
        var relief = Relief(brightness, box.Height, box.Width);
        var best = new MirrorAxis(0.5, 0);
        foreach (var (sine, cosine) in Turns)
        {
            var axis = OfUpright(Turned(relief, box.Height, box.Width, sine, cosine), box.Height, box.Width);
            if (axis.Symmetry > best.Symmetry) best = axis;
        }

        return best;
    }

    private static float[] Brightness<T>(ReadOnlySpan<T> samples, StoredPixels film, GrayscaleTransform transform, FieldOfView field, Letterbox box)
        where T : unmanaged, IBinaryInteger<T>
    {
        var brightness = new float[box.Height * box.Width];
        Span<int> columns = stackalloc int[Cells * Points];
        for (var i = 0; i < box.Width * Points; i++) columns[i] = Sample(field.Left, field.Columns, i, box.Width * Points, film.Columns, film.Reduction.Levels);
        for (var i = 0; i < box.Height * Points; i++)
        {
            var row = samples.Slice(Sample(field.Top, field.Rows, i, box.Height * Points, film.Rows, film.Reduction.Levels) * film.Columns, film.Columns);
            var cells = brightness.AsSpan(i / Points * box.Width, box.Width);
            for (var j = 0; j < cells.Length * Points; j++) cells[j / Points] += transform.Apply(int.CreateTruncating(row[columns[j]]));
        }

        return brightness;

        // The sample at the middle of one of so many equal stretches.
        static int Sample(int first, int length, int stretch, int stretches, int samples, int levels) =>
            Math.Min((first + (int)((2L * stretch + 1) * length / (2 * stretches))) >> levels, samples - 1);
    }

    /// <summary>What differs from the mean around, in units of what usually does (the median), clipped at one.</summary>
    private static float[] Relief(float[] brightness, int height, int width)
    {
        var along = new float[brightness.Length];
        var relief = new float[brightness.Length];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var d = -Around; d <= Around; d++) along[(y * width) + x] += brightness[(y * width) + Math.Clamp(x + d, 0, width - 1)];
        for (var y = 0; y < height; y++)
        {
            var row = relief.AsSpan(y * width, width);
            for (var d = -Around; d <= Around; d++) TensorPrimitives.Add(row, along.AsSpan(Math.Clamp(y + d, 0, height - 1) * width, width), row);
        }

        const float Area = ((2 * Around) + 1) * ((2 * Around) + 1);
        for (var i = 0; i < relief.Length; i++) relief[i] = brightness[i] - (relief[i] / Area);
        TensorPrimitives.Abs<float>(relief, along);
        along.AsSpan().Sort();
        var usual = Math.Max(1.4826f * along[along.Length / 2], Points * Points * LeastRelief); // of a normal distribution: its standard deviation
        for (var i = 0; i < relief.Length; i++) relief[i] = Full * Math.Clamp(relief[i] / usual, -1, 1);
        return relief;
    }

    /// <summary>The relief turned about the middle of the film; 0 where nothing of it comes to lie.</summary>
    private static int[] Turned(float[] relief, int height, int width, double sine, double cosine)
    {
        var turned = new int[relief.Length];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                double down = y - ((height - 1) / 2.0), across = x - ((width - 1) / 2.0);
                var (fromY, fromX) = (((height - 1) / 2.0) + (down * cosine) - (across * sine), ((width - 1) / 2.0) + (down * sine) + (across * cosine));
                if (fromY < 0 || fromX < 0 || fromY > height - 1 || fromX > width - 1) continue;
                int top = Math.Min((int)fromY, height - 2), left = Math.Min((int)fromX, width - 2);
                float below = (float)(fromY - top), right = (float)(fromX - left);
                var at = (top * width) + left;
                var upper = relief[at] + (right * (relief[at + 1] - relief[at]));
                var lower = relief[at + width] + (right * (relief[at + width + 1] - relief[at + width]));
                turned[(y * width) + x] = (int)MathF.Round(upper + (below * (lower - upper)));
            }

        return turned;
    }

    /// <summary>The best of the upright axes, half a cell apart.</summary>
    private static MirrorAxis OfUpright(int[] relief, int height, int width)
    {
        var mirrored = relief.AsSpan().ToArray();
        var (sums, squares) = (new long[width + 1], new long[width + 1]);
        for (var y = 0; y < height; y++)
        {
            var row = mirrored.AsSpan(y * width, width);
            for (var x = 0; x < width; x++)
            {
                sums[x + 1] += row[x];
                squares[x + 1] += row[x] * row[x];
            }

            row.Reverse();
        }

        for (var x = 0; x < width; x++) (sums[x + 1], squares[x + 1]) = (sums[x + 1] + sums[x], squares[x + 1] + squares[x]);
        var best = new MirrorAxis(0.5, 0);
        for (var twice = (int)(2 * FirstColumn * width); twice <= (int)(2 * LastColumn * width); twice++)
        {
            // Column x and column twice − 1 − x are a pair, so those from first to end, each with its mirror image.
            int first = Math.Max(0, twice - width), end = Math.Min(width, twice);
            long products = 0;
            for (var y = 0; y < height; y++)
                products += Dot(relief.AsSpan((y * width) + first, end - first), mirrored.AsSpan((y * width) + width - twice + first, end - first));
            long n = (end - first) * height, sum = sums[end] - sums[first];
            var variance = squares[end] - squares[first] - ((double)sum * sum / n);
            var symmetry = variance > 0 ? (products - ((double)sum * sum / n)) / variance : 0;
            if (symmetry > best.Symmetry) best = new(twice / (2.0 * width), symmetry);
        }

        return best;
    }

    private static int Dot(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var (sums, i) = (Vector<int>.Zero, 0);
        for (; i <= a.Length - Vector<int>.Count; i += Vector<int>.Count) sums += new Vector<int>(a[i..]) * new Vector<int>(b[i..]);
        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
