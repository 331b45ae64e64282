using System.Numerics;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Whether a transform shows a film at all: a VOI that misses it makes it a grey sheet.</summary>
internal static class FilmContrast
{
    // Less than one step of an 8-bit screen.
    private const float LeastContrast = 1f / 256;

    // Some pixels all over the film tell nearly always: a film may begin with a million of its dark border.
    private const int Probes = 1024;

    /// <summary>Whether the film, without its padding, spans at least 1/256 of brightness; ends at the first pixels that tell.</summary>
    public static bool Shows(GrayscaleTransform transform, StoredPixels pixels, PixelPadding padding) => pixels.Kind switch
    {
        SampleKind.U8 => Shows<byte>(transform, pixels.Samples<byte>(), padding),
        SampleKind.S8 => Shows<sbyte>(transform, pixels.Samples<sbyte>(), padding),
        SampleKind.U16 => Shows<ushort>(transform, pixels.Samples<ushort>(), padding),
        _ => Shows<short>(transform, pixels.Samples<short>(), padding),
    };

    private static bool Shows<T>(GrayscaleTransform transform, ReadOnlySpan<T> samples, PixelPadding padding)
        where T : IBinaryInteger<T>
    {
        var step = samples.Length / Probes + 1;
        return Shows(transform, samples, padding, step) || step > 1 && Shows(transform, samples, padding, 1);
    }

    private static bool Shows<T>(GrayscaleTransform transform, ReadOnlySpan<T> samples, PixelPadding padding, int step)
        where T : IBinaryInteger<T>
    {
        float darkest = float.MaxValue, brightest = float.MinValue;
        for (var i = 0; i < samples.Length; i += step)
        {
            var stored = int.CreateTruncating(samples[i]);
            if (padding.Contains(stored)) continue;
            var brightness = transform.Apply(stored);
            darkest = Math.Min(darkest, brightness);
            brightest = Math.Max(brightest, brightness);
            if (brightest - darkest >= LeastContrast) return true;
        }

        return false;
    }
}
