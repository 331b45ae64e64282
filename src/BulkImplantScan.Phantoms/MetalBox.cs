namespace BulkImplantScan.Phantoms;

/// <summary>Which elements of a device lie behind each pixel of a box of the film.</summary>
/// <param name="Columns">Of the film.</param>
/// <param name="Rows">Of the film.</param>
/// <param name="Left">First column of the box.</param>
/// <param name="Top">First row of the box.</param>
/// <param name="Width">Columns of the box.</param>
/// <param name="Flags">By pixel of the box: the sum of 1 screws, 2 shaft, 4 head element.</param>
internal sealed record MetalBox(int Columns, int Rows, int Left, int Top, int Width, byte[] Flags)
{
    /// <summary>A picture of the whole film.</summary>
    public byte[] Spread(Func<byte, byte> value)
    {
        var picture = new byte[Columns * Rows];
        for (var at = 0; at < Flags.Length; at++)
            if (Flags[at] != 0) picture[(Top + at / Width) * Columns + Left + at % Width] = value(Flags[at]);
        return picture;
    }
}
