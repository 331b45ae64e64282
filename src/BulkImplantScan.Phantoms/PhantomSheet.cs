using BulkImplantScan.Imaging;

namespace BulkImplantScan.Phantoms;

/// <summary>Examples of every design on one picture: a row a design, a column a patient.</summary>
public static class PhantomSheet
{
    /// <summary>Draws it; films of one column are the same patient and exposure with other hardware.</summary>
    /// <param name="seed">Of the first column; the next columns take the next seeds.</param>
    /// <param name="columns">Patients, 1 to 32.</param>
    /// <param name="cellPixels">Side of a film's cell, 64 to 1024; films keep their aspect.</param>
    /// <param name="designs">Rows; null for all designs.</param>
    /// <param name="edition">Which generator.</param>
    /// <returns>A grey PNG of columns · cellPixels by designs · cellPixels.</returns>
    public static byte[] Draw(ulong seed, int columns, int cellPixels, IReadOnlyList<Design>? designs = null, PhantomEdition edition = FilmPlan.UsualEdition)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellPixels, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cellPixels, 1024);
        designs ??= Enum.GetValues<Design>();
        var width = columns * cellPixels;
        var sheet = new byte[width * designs.Count * cellPixels];
        Parallel.For(0, columns * designs.Count, cell =>
        {
            int row = cell / columns, column = cell % columns;
            var film = Phantom.Render(new FilmPlan { Seed = seed + (ulong)column, Design = designs[row], LongSidePixels = cellPixels, Edition = edition });
            int top = row * cellPixels + (cellPixels - film.Rows) / 2, left = column * cellPixels + (cellPixels - film.Columns) / 2;
            for (var y = 0; y < film.Rows; y++)
            {
                for (var x = 0; x < film.Columns; x++)
                    sheet[(top + y) * width + left + x] = (byte)(film.Transform.Apply(film.Stored[y * film.Columns + x]) * 255 + 0.5f);
            }
        });
        return PngWriter.Grey(sheet, width, designs.Count * cellPixels);
    }
}
