using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>Fourth kernel, films of selection value 1: what the rows before add to a row's first prediction.</summary>
/// <remarks>The first sample of a row is predicted by the one above (T.81 H.1.2.1): a prefix sum down the first column.</remarks>
public static class JpegFirstColumnKernel
{
    /// <summary>Explicitly grouped; a group a film.</summary>
    /// <param name="films">[N].</param>
    /// <param name="differences">Modulo 2^16, each film row by row.</param>
    /// <param name="rowSums">Σ of the first differences of all rows of the film above each row of the batch; written completely.</param>
    public static void Execute(ArrayView<JpegDeviceFilm> films, ArrayView<ushort> differences, ArrayView<int> rowSums)
    {
        var sums = SharedMemory.Allocate1D<int>(JpegSubsequence.LargestGroup);
        var film = films[Grid.IdxX];
        if (film.Selection != 1) return;

        var before = 0;
        for (var tile = 0; tile < film.Rows; tile += Group.DimX)
        {
            var row = tile + Group.IdxX;
            int difference = row < film.Rows ? differences[film.FirstDifference + (long)row * film.Columns] : 0;
            var sum = GroupSum.Inclusive(sums, difference);
            if (row < film.Rows) rowSums[film.FirstRow + row] = before + sum - difference;
            before += sums[Group.DimX - 1];
            Group.Barrier();
        }
    }
}
