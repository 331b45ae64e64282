using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>The low band of JPEG 2000's reversible wavelet, by its lifting steps (ISO/IEC 15444-1 F.4.8.1), clamped to Bits Stored as our decoders do.</summary>
internal static class LowBand
{
    public static StoredPixels Of(StoredPixels film, int levels)
    {
        var (rows, columns) = (film.Rows, film.Columns);
        var samples = new int[rows, columns];
        for (var y = 0; y < rows; y++)
            for (var x = 0; x < columns; x++) samples[y, x] = film.Samples<ushort>()[(y * columns) + x];
        for (var level = 0; level < levels; level++)
        {
            var halved = new int[rows, (columns + 1) / 2];
            for (var y = 0; y < rows; y++)
                for (var x = 0; x < columns; x += 2) halved[y, x / 2] = Low(i => samples[y, i], x, columns);
            columns = (columns + 1) / 2;
            samples = new int[(rows + 1) / 2, columns];
            for (var y = 0; y < rows; y += 2)
                for (var x = 0; x < columns; x++) samples[y / 2, x] = Low(i => halved[i, x], y, rows);
            rows = (rows + 1) / 2;
        }

        return Films.Of(
            SampleKind.U16, rows, columns, (y, x) => Math.Clamp(samples[y, x], 0, (1 << film.BitsStored) - 1), film.BitsStored,
            new(levels, film.Rows, film.Columns));
    }

    private static int Low(Func<int, int> line, int even, int length)
    {
        return length == 1 ? line(0) : line(even) + ((High(even - 1) + High(even + 1) + 2) >> 2);

        int High(int odd) => At(odd) - ((At(odd - 1) + At(odd + 1)) >> 1);

        int At(int place)
        {
            place = Math.Abs(place);
            return line(place < length ? place : (2 * (length - 1)) - place);
        }
    }
}
