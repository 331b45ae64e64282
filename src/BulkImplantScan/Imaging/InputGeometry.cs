namespace BulkImplantScan.Imaging;

/// <summary>What a network wants to be given: NCHW, fp32, (brightness − mean) / standard deviation per channel.</summary>
/// <param name="Channels">C, 1 or 3; the grey film is repeated.</param>
/// <param name="Height">H in pixels, 16 to 2048.</param>
/// <param name="Width">W in pixels, 16 to 2048.</param>
/// <param name="Mean">One per channel, in brightness units [0, 1].</param>
/// <param name="StandardDeviation">One per channel, &gt; 0.</param>
public sealed record InputGeometry(int Channels, int Height, int Width, float[] Mean, float[] StandardDeviation)
{
    /// <summary>What of a film fills the input.</summary>
    public InputField FieldOfView { get; init; }

    /// <summary>Floats of one film: C · H · W.</summary>
    public int FilmLength => Channels * Height * Width;
}
