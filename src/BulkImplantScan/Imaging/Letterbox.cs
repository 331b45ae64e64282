namespace BulkImplantScan.Imaging;

/// <summary>Where a film lies inside the network's input: aspect kept, centred, the rest black (brightness 0).</summary>
/// <param name="Top">First row of the film in the input.</param>
/// <param name="Left">First column of the film in the input.</param>
/// <param name="Height">Rows that the film takes, 1 to the input's height.</param>
/// <param name="Width">Columns that the film takes, 1 to the input's width.</param>
public readonly record struct Letterbox(int Top, int Left, int Height, int Width)
{
    /// <summary>Fits <paramref name="rows"/> × <paramref name="columns"/> into the input; sizes round half up, at least 1.</summary>
    public static Letterbox Fit(int rows, int columns, int inputHeight, int inputWidth)
    {
        // In integers, so that no device rounds differently: k = min(H / rows, W / columns) as a fraction.
        var byHeight = (long)inputHeight * columns <= (long)inputWidth * rows;
        long numerator = byHeight ? inputHeight : inputWidth, denominator = byHeight ? rows : columns;
        var height = Math.Clamp((int)((2 * rows * numerator + denominator) / (2 * denominator)), 1, inputHeight);
        var width = Math.Clamp((int)((2 * columns * numerator + denominator) / (2 * denominator)), 1, inputWidth);
        return new((inputHeight - height) / 2, (inputWidth - width) / 2, height, width);
    }
}
