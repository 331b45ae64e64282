using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Stored values that fill where no film is: Pixel Padding Value to Pixel Padding Range Limit (PS3.3 C.7.5.1.1.2).</summary>
/// <param name="First">Smallest padding value.</param>
/// <param name="Last">Largest; below <paramref name="First"/> when there is no padding.</param>
internal readonly record struct PixelPadding(int First, int Last)
{
    public static PixelPadding None => new(0, -1);

    public bool IsNone => Last < First;

    public bool Contains(int stored) => stored >= First && stored <= Last;

    /// <summary>Reads both as signed when pixels are, whatever their own representation says: US beside signed pixels is a
    /// common fault.</summary>
    public static PixelPadding Read(ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels)
    {
        if (dataset.GetUInt16At(file, DicomTags.PixelPaddingValue, 0) is not { } value) return None;
        var limit = dataset.GetUInt16At(file, DicomTags.PixelPaddingRangeLimit, 0) ?? value;
        var isSigned = pixels.Kind is SampleKind.S8 or SampleKind.S16 or SampleKind.S32;
        int first = isSigned ? (short)value : value, last = isSigned ? (short)limit : limit;
        return new(Math.Min(first, last), Math.Max(first, last)); // the limit may lie on either side
    }
}
