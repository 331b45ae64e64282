using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Height to width of a pixel: Pixel Aspect Ratio (PS3.3 C.7.6.3.1.7), else Pixel Spacing, else Imager Pixel Spacing.</summary>
public static class PixelShape
{
    // No detector has such pixels: whoever wrote the number meant something else.
    private const double Most = 8;

    // Vendors round the same spacing differently in each direction (1.2 and 1.2012). A film of 320 pixels does not show it.
    private const double Least = 1.005;

    private const int Denominator = 1 << 16;

    /// <summary>The shape; square where nothing, or nothing believable, is said.</summary>
    public static PixelAspect Read(ReadOnlySpan<byte> file, DicomDataset dataset)
    {
        foreach (var tag in (ReadOnlySpan<DicomTag>)[DicomTags.PixelAspectRatio, DicomTags.PixelSpacing, DicomTags.ImagerPixelSpacing])
        {
            // Each is vertical\horizontal: the distance between rows comes first.
            var values = dataset.GetDoubles(file, tag);
            if (values.Length < 2 || !(values[0] > 0) || !(values[1] > 0)) continue;
            var ratio = values[0] / values[1];
            return ratio is > Most or < 1 / Most or (> 1 / Least and < Least)
                ? PixelAspect.Square
                : new((int)Math.Round(ratio * Denominator), Denominator);
        }

        return PixelAspect.Square;
    }
}
