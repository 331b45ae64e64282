namespace BulkImplantScan.Imaging;

/// <summary>Where a film lies inside the network's input: aspect kept, centred, the rest black (brightness 0).</summary>
/// <param name="Top">First row of the film in the input.</param>
/// <param name="Left">First column of the film in the input.</param>
/// <param name="Height">Rows that the film takes, 1 to the input's height.</param>
/// <param name="Width">Columns that the film takes, 1 to the input's width.</param>
public readonly record struct Letterbox(int Top, int Left, int Height, int Width)
{
    /// <summary>The part of this box in which nothing but a part of the film is: target pixels that touch what lies beside it are
    /// left out.</summary>
    /// <param name="shown">What of the film lies in this box.</param>
    /// <param name="part">The part of the film, within <paramref name="shown"/>.</param>
    public Letterbox Cut(FieldOfView shown, FieldOfView part)
    {
        var (top, height) = Along(part.Top - shown.Top, part.Rows, shown.Rows, Height);
        var (left, width) = Along(part.Left - shown.Left, part.Columns, shown.Columns, Width);
        return new(Top + top, Left + left, height, width);

        static (int First, int Count) Along(long first, long count, long source, int target)
        {
            var from = (first * target + source - 1) / source;
            var to = (first + count) * target / source;
            return to > from ? ((int)from, (int)(to - from)) : ((int)Math.Min(from, target - 1), 1);
        }
    }

    /// <summary>Where the film lies in the mirror image of an input of that width.</summary>
    public Letterbox Mirrored(int inputWidth) => this with { Left = inputWidth - Left - Width };

    /// <summary>Fits <paramref name="rows"/> × <paramref name="columns"/> square pixels into the input.</summary>
    /// <inheritdoc cref="Fit(int, int, int, int, PixelAspect)"/>
    public static Letterbox Fit(int rows, int columns, int inputHeight, int inputWidth) =>
        Fit(rows, columns, inputHeight, inputWidth, PixelAspect.Square);

    /// <summary>Fits <paramref name="rows"/> × <paramref name="columns"/> pixels of that shape into the input; sizes round half
    /// up, at least 1.</summary>
    public static Letterbox Fit(int rows, int columns, int inputHeight, int inputWidth, PixelAspect aspect)
    {
        // In integers, so that no device rounds differently: k = min(H / high, W / wide) as a fraction. At most 2¹⁶ · 2²⁰ · 2¹².
        long high = (long)rows * aspect.Vertical, wide = (long)columns * aspect.Horizontal;
        var byHeight = inputHeight * wide <= inputWidth * high;
        long numerator = byHeight ? inputHeight : inputWidth, denominator = byHeight ? high : wide;
        var height = Math.Clamp((int)((2 * high * numerator + denominator) / (2 * denominator)), 1, inputHeight);
        var width = Math.Clamp((int)((2 * wide * numerator + denominator) / (2 * denominator)), 1, inputWidth);
        return new((inputHeight - height) / 2, (inputWidth - width) / 2, height, width);
    }
}
