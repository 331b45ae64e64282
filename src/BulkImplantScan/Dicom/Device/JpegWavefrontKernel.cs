using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>Instead of the fourth and the fifth: differences to pixels for selection values 2 to 7.</summary>
/// <remarks><code>
/// step s:   thread 0  . . . . x        a thread a row, each one column behind the thread above:
///           thread 1  . . . x          above, above left and left are there when a sample needs them
///           thread 2  . . x
/// </code>
/// Values 6 and 7 halve what they predict from, so they are no sums of differences, and nothing shorter than a step a column is known;
/// radiographs of the values 2 to 5, which are, are too rare for kernels of their own.</remarks>
public static class JpegWavefrontKernel
{
    /// <summary>Explicitly grouped; a group a film.</summary>
    /// <param name="films">[N].</param>
    /// <param name="differences">Modulo 2^16, each film row by row; the last row of each band of rows is overwritten by its samples.</param>
    /// <param name="bytes">The target, for pixels of 8 bits.</param>
    /// <param name="words">The same memory, for pixels of 16 bits.</param>
    /// <param name="faults">Status word of each film.</param>
    public static void Execute(
        ArrayView<JpegDeviceFilm> films, ArrayView<ushort> differences, ArrayView<byte> bytes, ArrayView<ushort> words,
        ArrayView<int> faults)
    {
        var last = SharedMemory.Allocate1D<int>(2 * JpegSubsequence.LargestGroup); // samples of this step and of the one before
        var film = films[Grid.IdxX];
        if (film.Selection == 1) return;

        var fault = 0;
        for (var band = 0; band < film.Rows; band += Group.DimX)
        {
            var row = band + Group.IdxX;
            var isFirst = row % film.RowsPerSegment == 0;
            var place = film.FirstDifference + (long)row * film.Columns;
            var (left, aboveLeft) = (0, 0);
            for (var step = 0; step < film.Columns + Group.DimX - 1; step++)
            {
                var column = step - Group.IdxX;
                if (row < film.Rows && column >= 0 && column < film.Columns)
                {
                    var above = 0;
                    if (Group.IdxX > 0) above = last[(step + 1 & 1) * Group.DimX + Group.IdxX - 1];
                    else if (row > 0) above = differences[place - film.Columns + column];
                    var prediction = column == 0
                        ? isFirst ? 1 << film.Precision - 1 : above
                        : isFirst ? left : Predict(film.Selection, left, above, aboveLeft);
                    var sample = prediction + differences[place + column] & 0xFFFF;
                    last[(step & 1) * Group.DimX + Group.IdxX] = sample;
                    if (Group.IdxX == Group.DimX - 1) differences[place + column] = (ushort)sample;
                    fault |= JpegPixel.Write(film, row, column, sample, bytes, words);
                    (left, aboveLeft) = (sample, above);
                }

                Group.Barrier();
            }
        }

        if (fault != 0) Atomic.Or(ref faults[Grid.IdxX], fault);
    }

    /// <summary>T.81 table H.1.</summary>
    private static int Predict(int selection, int a, int b, int c) =>
        selection == 2 ? b
        : selection == 3 ? c
        : selection == 4 ? a + b - c
        : selection == 5 ? a + (b - c >> 1)
        : selection == 6 ? b + (a - c >> 1)
        : a + b >> 1;
}
