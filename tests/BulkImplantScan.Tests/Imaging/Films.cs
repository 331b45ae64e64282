using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>Small films for tests.</summary>
internal static class Films
{
    public static StoredPixels Of(SampleKind kind, int rows, int columns, Func<int, int, int> value, int bitsStored = 0, Reduction? reduction = null)
    {
        var bytes = kind is SampleKind.U8 or SampleKind.S8 ? 1 : 2;
        using var pool = new PixelBufferPool(); // disposed: the buffer is freed when the film is
        var film = new StoredPixels(pool.Rent((long)rows * columns * bytes), kind, rows, columns, 1, bitsStored == 0 ? 8 * bytes : bitsStored)
        {
            Reduction = reduction ?? new(0, rows, columns),
        };
        for (var y = 0; y < rows; y++)
            for (var x = 0; x < columns; x++)
            {
                if (bytes == 1) film.Samples<byte>()[y * columns + x] = unchecked((byte)value(y, x));
                else film.Samples<ushort>()[y * columns + x] = unchecked((ushort)value(y, x));
            }

        return film;
    }

    /// <summary>Every value of the kind equally likely.</summary>
    public static StoredPixels Noise(SampleKind kind, int rows, int columns, int seed, int bits = 16, Reduction? reduction = null)
    {
        var random = new Random(seed);
        return Of(kind, rows, columns, (_, _) => random.Next(1 << bits), reduction: reduction);
    }
}
