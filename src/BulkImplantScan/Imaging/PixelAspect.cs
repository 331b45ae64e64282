namespace BulkImplantScan.Imaging;

/// <summary>Height and width of a pixel on the film, as a fraction: only their ratio counts.</summary>
/// <param name="Vertical">1 to 2²⁰.</param>
/// <param name="Horizontal">1 to 2²⁰.</param>
public readonly record struct PixelAspect(int Vertical, int Horizontal)
{
    /// <summary>As high as wide: nearly every film.</summary>
    public static PixelAspect Square => new(1, 1);

    /// <summary>As high as wide, in whatever numbers.</summary>
    public bool IsSquare => Vertical == Horizontal;
}
