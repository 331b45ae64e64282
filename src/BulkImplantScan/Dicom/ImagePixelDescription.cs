namespace BulkImplantScan.Dicom;

/// <summary>The Image Pixel module (PS3.3 C.7.6.3) as the header gives it, not yet judged.</summary>
/// <param name="Rows">Height in pixels; 0 when absent.</param>
/// <param name="Columns">Width in pixels; 0 when absent.</param>
/// <param name="SamplesPerPixel">1 grey, 3 colour; 1 when absent.</param>
/// <param name="BitsAllocated">Bits of a sample's cell in the file; 0 when absent.</param>
/// <param name="BitsStored">Bits of the sample in it; Bits Allocated when absent or 0.</param>
/// <param name="HighBit">Its most significant bit; Bits Stored − 1 when absent, or where it leaves no room for the bits.</param>
/// <param name="IsSigned">Pixel Representation is 1.</param>
/// <param name="PlanarConfiguration">0: samples of a pixel side by side; 1: plane after plane.</param>
/// <param name="Photometric">Photometric Interpretation; null when absent.</param>
/// <param name="NumberOfFrames">1 when absent, empty or 0; 0 when it is there and no positive number.</param>
public readonly record struct ImagePixelDescription(
    int Rows, int Columns, int SamplesPerPixel, int BitsAllocated, int BitsStored, int HighBit, bool IsSigned,
    int PlanarConfiguration, string? Photometric, int NumberOfFrames)
{
    /// <summary>Samples of one frame.</summary>
    public long SampleCount => (long)Rows * Columns * SamplesPerPixel;

    /// <summary>Float Pixel Data or Double Float Pixel Data: a sample is a number of IEEE 754, its bits are not looked at.</summary>
    public bool IsFloatingPoint { get; init; }

    /// <summary>Bytes of a sample in memory: 1 for up to 8 bits allocated, 2 up to 16, 4 for 32, 8 for doubles.</summary>
    public int BytesPerSample => BitsAllocated <= 8 ? 1 : BitsAllocated <= 16 ? 2 : BitsAllocated <= 32 ? 4 : 8;

    /// <summary>MONOCHROME1 or MONOCHROME2.</summary>
    public bool IsMonochrome => Photometric is "MONOCHROME1" or "MONOCHROME2";
}
