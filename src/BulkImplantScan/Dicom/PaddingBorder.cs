using System.Numerics;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Rows and columns at the edges of a film that are padding and nothing else, by the header's word for padding.</summary>
internal static class PaddingBorder
{
    /// <summary>What remains of a field without them; the field itself when it is padding all over.</summary>
    /// <remarks>Looks at the border alone: the search of a row ends where the narrowest border so far does.</remarks>
    public static FieldOfView Find(StoredPixels pixels, FieldOfView within, PixelPadding padding)
    {
        if (padding.IsNone) return within;
        var samples = within.Samples(pixels);
        var left = pixels.Kind switch
        {
            SampleKind.U8 => Find(pixels.Samples<byte>(), pixels.Columns, samples, padding),
            SampleKind.S8 => Find(pixels.Samples<sbyte>(), pixels.Columns, samples, padding),
            SampleKind.U16 => Find(pixels.Samples<ushort>(), pixels.Columns, samples, padding),
            SampleKind.S16 => Find(pixels.Samples<short>(), pixels.Columns, samples, padding),
            _ => samples,
        };
        if (left == samples) return within;
        var levels = pixels.Reduction.Levels;
        return within.Intersect(new(left.Top << levels, left.Left << levels, left.Rows << levels, left.Columns << levels));
    }

    private static FieldOfView Find<T>(ReadOnlySpan<T> samples, int stride, FieldOfView within, PixelPadding padding)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (padding.Last < int.CreateChecked(T.MinValue) || padding.First > int.CreateChecked(T.MaxValue)) return within;
        T low = T.CreateSaturating(padding.First), high = T.CreateSaturating(padding.Last);
        int top = -1, bottom = -1, left = within.Columns, right = 0;
        for (var row = 0; row < within.Rows; row++)
        {
            var line = samples.Slice((within.Top + row) * stride + within.Left, within.Columns);
            var first = line[..left].IndexOfAnyExceptInRange(low, high);
            var last = line[right..].LastIndexOfAnyExceptInRange(low, high);
            if (first >= 0) left = first;
            if (last >= 0) right += last + 1;
            if (first < 0 && last < 0 && !line.ContainsAnyExceptInRange(low, high)) continue;
            if (top < 0) top = row;
            bottom = row;
        }

        return top < 0 ? within : new(within.Top + top, within.Left + left, bottom - top + 1, right - left);
    }
}
