using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pictures;

/// <summary>How an exported film is shown: no header tells.</summary>
/// <remarks>8 bits were windowed by whoever exported them: shown as they are. More bits are mostly the stored values themselves,
/// 10 to 14 bits in the lower part of 16: shown from 1 % to 99 % of the film's pixels, like a DICOM film without a window.</remarks>
internal static class PictureGrayscale
{
    private static readonly DicomDataset NoHeader = new();

    /// <summary>Compiles the transform.</summary>
    /// <param name="pixels">One sample a pixel.</param>
    /// <param name="isInverted">0 is white.</param>
    public static CompiledGrayscale Compile(StoredPixels pixels, bool isInverted)
    {
        if (pixels is { BitsStored: <= 8, Kind: SampleKind.U8 })
            return new(GrayscaleTransform.Linear(0, (1 << pixels.BitsStored) - 1, isInverted), "full-range");
        var own = GrayscalePipeline.Compile(default, NoHeader, pixels);
        return isInverted ? own with { Transform = own.Transform.Inverted() } : own;
    }
}
