namespace BulkImplantScan.Dicom;

/// <summary>What a sample stands for that was made to fit 16 bits: first + step · sample, in the file's own stored values.</summary>
/// <param name="First">Stored value of sample 0.</param>
/// <param name="Step">Stored units a sample unit, &gt; 0.</param>
public readonly record struct SampleScale(double First, double Step)
{
    /// <summary>Samples are stored values.</summary>
    public static SampleScale One => new(0, 1);

    /// <summary>Stored value of a sample.</summary>
    public double Apply(int sample) => First + Step * sample;
}
