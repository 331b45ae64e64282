namespace BulkImplantScan.Imaging;

/// <summary><see cref="InputGeometry"/> without arrays, as a kernel can take it.</summary>
/// <param name="Channels">C, 1 to 3.</param>
/// <param name="Height">H in pixels.</param>
/// <param name="Width">W in pixels.</param>
/// <param name="Mean0">Mean of the first channel, in brightness units.</param>
/// <param name="Mean1">Mean of the second; unused when there is none.</param>
/// <param name="Mean2">Mean of the third; unused when there is none.</param>
/// <param name="Deviation0">Standard deviation of the first channel, in brightness units.</param>
/// <param name="Deviation1">Standard deviation of the second; unused when there is none.</param>
/// <param name="Deviation2">Standard deviation of the third; unused when there is none.</param>
public readonly record struct KernelInput(
    int Channels, int Height, int Width, float Mean0, float Mean1, float Mean2, float Deviation0, float Deviation1, float Deviation2)
{
    /// <summary>The geometry's numbers.</summary>
    /// <exception cref="ArgumentException">More than three channels, or none.</exception>
    public static KernelInput Of(InputGeometry input)
    {
        if (input.Channels is < 1 or > 3) throw new ArgumentException("1 to 3 channels", nameof(input));
        return new(
            input.Channels, input.Height, input.Width,
            input.Mean[0], input.Mean.ElementAtOrDefault(1), input.Mean.ElementAtOrDefault(2),
            input.StandardDeviation[0], input.StandardDeviation.ElementAtOrDefault(1), input.StandardDeviation.ElementAtOrDefault(2));
    }

    /// <summary>(brightness − mean) / deviation of one channel; called from within kernels.</summary>
    public float Normalise(float brightness, int channel)
    {
        var mean = channel == 0 ? Mean0 : channel == 1 ? Mean1 : Mean2;
        var deviation = channel == 0 ? Deviation0 : channel == 1 ? Deviation1 : Deviation2;
        return (brightness - mean) / deviation;
    }
}
