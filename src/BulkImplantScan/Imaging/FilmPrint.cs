using System.Numerics;
using System.Numerics.Tensors;

namespace BulkImplantScan.Imaging;

/// <summary>What a film looks like, in 64 bits and 64 × 64 samples: copies that were compressed, scaled, windowed anew or written on differ
/// little in both, films of another hip in one at least.</summary>
/// <remarks>The bits are those of Zauner 2010 (section 3.2.1) as the Python package imagehash has them: 32 × 32 means, cosine transform, of the
/// 8 × 8 lowest frequencies those above their median. Hips are much alike at these frequencies (of phantoms 1 pair in 1000 of different patients is
/// within 10 bits), so bits find candidates, and the fine structure decides: of 11 million pairs of different phantoms one was taken for a copy.
/// Not found: copies that were mirrored, turned or cropped.</remarks>
internal sealed class FilmPrint
{
    /// <summary>Bits in which copies differ at most.</summary>
    public const int MostBits = 10;

    /// <summary>Correlation of fine structure that copies have at least.</summary>
    public const double LeastCorrelation = 0.85;

    private const int HashSide = 32, LowSide = 8, DetailSide = 64;

    // Three means of ± 4 samples: what is wider is exposure, collimation and the body's outline.
    private const double BlurShare = 4.0 / DetailSide;

    // Quantised: 4 KiB a film. Edges of black borders are clipped, or they would be all that is compared.
    private const float DetailScale = 48, DetailLimit = 96;

    private static readonly float[] Cosines = Table();

    private readonly sbyte[] _detail;
    private readonly double _norm;

    private FilmPrint(ulong hash, sbyte[] detail, double norm) => (Hash, _detail, _norm) = (hash, detail, norm);

    /// <summary>Bit 8 · row + column of the transform, from the lowest.</summary>
    public ulong Hash { get; }

    /// <summary>Of one film.</summary>
    /// <param name="plane">Brightness, any scale; only the first channel is looked at.</param>
    /// <param name="width">Columns of the plane.</param>
    /// <param name="box">Where the film lies in it.</param>
    public static FilmPrint Of(ReadOnlySpan<float> plane, int width, Letterbox box)
    {
        var detail = Means(plane, width, box, DetailSide);
        TensorPrimitives.Subtract(detail, RunningMeans.Blurred(detail, 1, DetailSide, DetailSide, BlurShare), detail);
        TensorPrimitives.Subtract(detail, TensorPrimitives.Sum<float>(detail) / detail.Length, detail);
        var deviation = TensorPrimitives.Norm<float>(detail) / DetailSide;
        var quantised = new sbyte[detail.Length];
        if (deviation > 0)
            for (var i = 0; i < detail.Length; i++) quantised[i] = (sbyte)MathF.Round(Math.Clamp(detail[i] / deviation * DetailScale, -DetailLimit, DetailLimit));
        return new(HashOf(Means(plane, width, box, HashSide)), quantised, Math.Sqrt(Dot(quantised, quantised)));
    }

    /// <summary>Of 32 × 32 means.</summary>
    internal static ulong HashOf(ReadOnlySpan<float> means)
    {
        // Rows first, then columns.
        Span<double> rows = stackalloc double[HashSide * LowSide];
        rows.Clear();
        for (var y = 0; y < HashSide; y++)
            for (var u = 0; u < LowSide; u++)
                for (var x = 0; x < HashSide; x++) rows[y * LowSide + u] += means[y * HashSide + x] * (double)Cosines[u * HashSide + x];
        Span<float> low = stackalloc float[LowSide * LowSide];
        for (var v = 0; v < LowSide; v++)
        {
            for (var u = 0; u < LowSide; u++)
            {
                double sum = 0;
                for (var y = 0; y < HashSide; y++) sum += rows[y * LowSide + u] * Cosines[v * HashSide + y];
                low[v * LowSide + u] = (float)sum;
            }
        }

        Span<float> sorted = stackalloc float[low.Length];
        low.CopyTo(sorted);
        sorted.Sort();
        var median = (sorted[low.Length / 2 - 1] + sorted[low.Length / 2]) / 2;
        ulong hash = 0;
        for (var i = 0; i < low.Length; i++) if (low[i] > median) hash |= 1UL << i;
        return hash;
    }

    /// <summary>Two prints are of one picture.</summary>
    public bool IsOfSamePicture(FilmPrint other) =>
        BitOperations.PopCount(Hash ^ other.Hash) <= MostBits && Correlation(other) >= LeastCorrelation;

    /// <summary>Of the fine structure, −1 to 1; 0 where one has none.</summary>
    public double Correlation(FilmPrint other) => _norm == 0 || other._norm == 0 ? 0 : Dot(_detail, other._detail) / (_norm * other._norm);

    private static long Dot(sbyte[] a, sbyte[] b)
    {
        long sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static float[] Means(ReadOnlySpan<float> plane, int width, Letterbox box, int side)
    {
        var along = new float[box.Height * side];
        for (var y = 0; y < box.Height; y++) Means(plane[((box.Top + y) * width + box.Left)..], 1, box.Width, along.AsSpan(y * side), 1, side);
        var means = new float[side * side];
        for (var x = 0; x < side; x++) Means(along.AsSpan(x), side, box.Height, means.AsSpan(x), side, side);
        return means;
    }

    // Of a line: each sample counts with what of it lies in a cell.
    private static void Means(ReadOnlySpan<float> from, int fromStep, int count, Span<float> to, int toStep, int cells)
    {
        var size = (double)count / cells;
        for (var cell = 0; cell < cells; cell++)
        {
            double first = cell * size, last = Math.Min(count, first + size), sum = 0;
            for (var i = (int)first; i < last; i++) sum += from[i * fromStep] * (Math.Min(i + 1, last) - Math.Max(i, first));
            to[cell * toStep] = (float)(sum / size);
        }
    }

    private static float[] Table()
    {
        var cosines = new float[LowSide * HashSide];
        for (var u = 0; u < LowSide; u++)
            for (var x = 0; x < HashSide; x++) cosines[u * HashSide + x] = MathF.Cos(MathF.PI * u * (2 * x + 1) / (2 * HashSide));
        return cosines;
    }
}
