using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pictures;

/// <summary>Colour pictures of grey films.</summary>
internal static class PictureColour
{
    /// <summary>Most exported films are grey written as colour: where red, green and blue are equal everywhere, one of them.</summary>
    /// <param name="pixels">Given back to its pool if another is returned.</param>
    /// <param name="pool">Gives the memory.</param>
    public static StoredPixels Collapse(StoredPixels pixels, PixelBufferPool pool)
    {
        if (pixels.SamplesPerPixel != 3) return pixels;
        return pixels.BytesPerSample == 1
            ? IsGrey<byte>(pixels.Samples<byte>()) ? First<byte>(pixels, pool) : pixels
            : IsGrey<ushort>(pixels.Samples<ushort>()) ? First<ushort>(pixels, pool) : pixels;
    }

    /// <summary>The luminance of three unsigned samples a pixel.</summary>
    /// <param name="pixels">8 or 16 bits; given back to its pool.</param>
    /// <param name="pool">Gives the memory.</param>
    public static StoredPixels Luminance(StoredPixels pixels, PixelBufferPool pool)
    {
        using (pixels) return LuminanceFilm.Of(pixels, "RGB", pool).Pixels!; // of no more than 16 bits there always are some
    }

    private static bool IsGrey<T>(ReadOnlySpan<T> colour) where T : unmanaged, IEquatable<T>
    {
        for (var i = 0; i + 2 < colour.Length; i += 3)
            if (!colour[i].Equals(colour[i + 1]) || !colour[i].Equals(colour[i + 2])) return false;
        return true;
    }

    private static StoredPixels First<T>(StoredPixels pixels, PixelBufferPool pool) where T : unmanaged
    {
        using (pixels)
        {
            var grey = Like(pixels, pool);
            ReadOnlySpan<T> source = pixels.Samples<T>();
            var target = grey.Samples<T>();
            for (var i = 0; i < target.Length; i++) target[i] = source[3 * i];
            return grey;
        }
    }

    private static StoredPixels Like(StoredPixels colour, PixelBufferPool pool) => new(
        pool.Rent((long)colour.Rows * colour.Columns * colour.BytesPerSample),
        colour.Kind, colour.Rows, colour.Columns, 1, colour.BitsStored);
}
