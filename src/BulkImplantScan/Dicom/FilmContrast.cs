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

    /// <summary>Whether the field, without its padding, spans at least 1/256 of brightness; ends at the first pixels that tell.</summary>
    public static bool Shows(GrayscaleTransform transform, StoredPixels pixels, FieldOfView field, PixelPadding padding) => pixels.Kind switch
    {
        SampleKind.U8 => Shows<byte>(transform, pixels.Samples<byte>(), pixels.Columns, field, padding),
        SampleKind.S8 => Shows<sbyte>(transform, pixels.Samples<sbyte>(), pixels.Columns, field, padding),
        SampleKind.U16 => Shows<ushort>(transform, pixels.Samples<ushort>(), pixels.Columns, field, padding),
        _ => Shows<short>(transform, pixels.Samples<short>(), pixels.Columns, field, padding),
    };

    private static bool Shows<T>(
        GrayscaleTransform transform, ReadOnlySpan<T> samples, int columns, FieldOfView field, PixelPadding padding)
        where T : IBinaryInteger<T>
    {
        var step = (int)((long)field.Rows * field.Columns / Probes) + 1;
        return Shows(transform, samples, columns, field, padding, step)
            || step > 1 && Shows(transform, samples, columns, field, padding, 1);
    }

    private static bool Shows<T>(
        GrayscaleTransform transform, ReadOnlySpan<T> samples, int columns, FieldOfView field, PixelPadding padding, int step)
        where T : IBinaryInteger<T>
    {
        float darkest = float.MaxValue, brightest = float.MinValue;
        var at = 0; // of the row; what is left of a step goes on in the next one
        for (var row = field.Top; row < field.Top + field.Rows; row++, at -= field.Columns)
        {
            var line = samples.Slice(row * columns + field.Left, field.Columns);
            for (; at < line.Length; at += step)
            {
                var stored = int.CreateTruncating(line[at]);
                if (padding.Contains(stored)) continue;
                var brightness = transform.Apply(stored);
                darkest = Math.Min(darkest, brightness);
                brightest = Math.Max(brightest, brightness);
                if (brightest - darkest >= LeastContrast) return true;
            }
        }

        return false;
    }
}
