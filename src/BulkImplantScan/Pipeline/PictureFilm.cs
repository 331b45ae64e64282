using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>An exported picture, ready to be shown: one way for <c>scan</c> and <c>inspect</c>, so that both say the same of it.</summary>
/// <param name="Pixels">One sample a pixel; to be disposed by whoever takes them.</param>
/// <param name="Field">What of it is shown, and what showed it.</param>
/// <param name="Grayscale">How bright; its transform is to be disposed.</param>
/// <param name="Notes">What was done to the pixels, the field apart.</param>
internal readonly record struct PictureFilm(StoredPixels Pixels, FieldDecision Field, CompiledGrayscale Grayscale, string[] Notes)
{
    /// <summary>Makes it grey, and finds its field and brightness.</summary>
    /// <param name="decoded">With pixels, which are this call's from now on: returned, or given back.</param>
    /// <param name="mode">Where a field may be looked for.</param>
    /// <param name="pool">Gives memory.</param>
    public static PictureFilm Of(in DecodedPicture decoded, FieldOfViewMode mode, PixelBufferPool pool)
    {
        var (pixels, notes) = (decoded.Pixels!, decoded.Notes);
        if (pixels.SamplesPerPixel == 3)
        {
            pixels = PictureColour.Luminance(pixels, pool);
            notes = [.. notes, DecodeNote.Luminance];
        }

        var field = FieldDecision.OfPicture(pixels, decoded.IsInverted, mode);
        return new(pixels, field, PictureGrayscale.Compile(pixels, decoded.IsInverted), notes);
    }
}
