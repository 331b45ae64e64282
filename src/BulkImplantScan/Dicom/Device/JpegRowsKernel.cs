using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>Fifth kernel, films of selection value 1: differences to pixels, a prefix sum a row.</summary>
public static class JpegRowsKernel
{
    /// <summary>Explicitly grouped; a group a row of the batch.</summary>
    /// <param name="films">[N].</param>
    /// <param name="differences">Modulo 2^16, each film row by row.</param>
    /// <param name="rowSums">From <see cref="JpegFirstColumnKernel"/>.</param>
    /// <param name="bytes">The target, for pixels of 8 bits.</param>
    /// <param name="words">The same memory, for pixels of 16 bits.</param>
    /// <param name="faults">Status word of each film.</param>
    public static void Execute(
        ArrayView<JpegDeviceFilm> films, ArrayView<ushort> differences, ArrayView<int> rowSums, ArrayView<byte> bytes,
        ArrayView<ushort> words, ArrayView<int> faults)
    {
        var sums = SharedMemory.Allocate1D<int>(JpegSubsequence.LargestGroup);
        var index = JpegStaging.FilmOfRow(films, Grid.IdxX);
        var film = films[index];
        if (film.Selection != 1) return;

        // Behind a restart the prediction begins anew: what the rows above the segment had added is taken off.
        var row = Grid.IdxX - film.FirstRow;
        var firstOfSegment = Grid.IdxX - row % film.RowsPerSegment;
        var before = (1 << film.Precision - 1) + rowSums[Grid.IdxX] - rowSums[firstOfSegment];
        var fault = 0;
        for (var tile = 0; tile < film.Columns; tile += Group.DimX)
        {
            var column = tile + Group.IdxX;
            int difference = column < film.Columns ? differences[film.FirstDifference + (long)row * film.Columns + column] : 0;
            var sum = GroupSum.Inclusive(sums, difference);
            if (column < film.Columns) fault |= JpegPixel.Write(film, row, column, before + sum & 0xFFFF, bytes, words);
            before += sums[Group.DimX - 1];
            Group.Barrier();
        }

        if (fault != 0) Atomic.Or(ref faults[index], fault);
    }
}
