using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pictures;

/// <summary>Turns a picture upright as its Orientation (TIFF 6.0 p. 36; EXIF 2.32, 0x0112) says.</summary>
/// <remarks><code>
/// 1 as stored      2 mirrored        3 upside down      4 flipped
/// 5 transposed     6 turn clockwise  7 anti-transposed  8 turn anticlockwise
/// </code></remarks>
internal static class Orientation
{
    /// <summary>True when rows and columns are exchanged.</summary>
    public static bool IsTransposed(int orientation) => orientation is >= 5 and <= 8;

    /// <summary>The picture as it is to be seen.</summary>
    /// <param name="pixels">As stored; given back to its pool.</param>
    /// <param name="orientation">2 to 8.</param>
    /// <param name="pool">Gives the memory.</param>
    public static StoredPixels Upright(StoredPixels pixels, int orientation, PixelBufferPool pool)
    {
        using (pixels)
        {
            var (rows, columns) = IsTransposed(orientation) ? (pixels.Columns, pixels.Rows) : (pixels.Rows, pixels.Columns);
            var upright = new StoredPixels(
                pool.Rent((long)pixels.SampleCount * pixels.BytesPerSample), pixels.Kind, rows, columns, pixels.SamplesPerPixel, pixels.BitsStored);

            // Where the first pixel of the upright picture lies in the stored one, and how far it is to its neighbours.
            int width = pixels.Columns, height = pixels.Rows;
            var (first, right, down) = orientation switch
            {
                2 => (width - 1, -1, width),
                3 => (height * width - 1, -1, -width),
                4 => ((height - 1) * width, 1, -width),
                5 => (0, width, 1),
                6 => ((height - 1) * width, -width, 1),
                7 => (height * width - 1, -width, -1),
                _ => (width - 1, width, -1),
            };
            if (pixels.BytesPerSample == 1) Copy<byte>(pixels, upright, first, right, down);
            else Copy<ushort>(pixels, upright, first, right, down);
            return upright;
        }
    }

    private static void Copy<T>(StoredPixels pixels, StoredPixels upright, int first, int right, int down) where T : unmanaged
    {
        ReadOnlySpan<T> source = pixels.Samples<T>();
        var target = upright.Samples<T>();
        var samples = pixels.SamplesPerPixel;
        var to = 0;
        for (var row = 0; row < upright.Rows; row++)
        {
            var from = first + row * down;
            for (var column = 0; column < upright.Columns; column++, from += right)
                for (var i = 0; i < samples; i++) target[to++] = source[from * samples + i];
        }
    }
}
