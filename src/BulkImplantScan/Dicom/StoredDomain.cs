using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>All values that Bits Stored allows to samples of at most 16 bits.</summary>
/// <param name="First">Smallest.</param>
/// <param name="Count">How many, 2 to 65,536.</param>
internal readonly record struct StoredDomain(int First, int Count)
{
    /// <summary>Largest value.</summary>
    public int Last => First + Count - 1;

    /// <summary>The values of a film.</summary>
    public static StoredDomain Of(StoredPixels pixels) =>
        new(pixels.Kind is SampleKind.S8 or SampleKind.S16 ? -(1 << pixels.BitsStored - 1) : 0, 1 << pixels.BitsStored);
}
