namespace BulkImplantScan.Imaging;

/// <summary>What the percentile kernels must know of a film beyond its <see cref="FilmDescriptor"/>; 24 bytes, blittable.</summary>
/// <param name="BitsStored">Significant bits of a sample, 1 to 16: values beyond them are not counted.</param>
/// <param name="PaddingFirst">Smallest padding value, not counted unless there is nothing else.</param>
/// <param name="PaddingLast">Largest; below <paramref name="PaddingFirst"/> when there is no padding.</param>
/// <param name="IsDescending">1 where the Modality LUT is a line that falls (slope below 0), else 0.</param>
/// <param name="IsInverted">1 where a larger stored value is darker, else 0.</param>
/// <param name="FirstValue">Smallest value of the film's kind and bits.</param>
public readonly record struct PercentileRequest(
    int BitsStored, int PaddingFirst, int PaddingLast, int IsDescending, int IsInverted, int FirstValue)
{
    /// <summary>Bits below a bin of the first pass: none up to 12 bits.</summary>
    internal int FineBits => BitsStored > HistogramKernel.CoarseBits ? BitsStored - HistogramKernel.CoarseBits : 0;
}
