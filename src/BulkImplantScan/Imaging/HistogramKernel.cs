using System.Runtime.CompilerServices;
using ILGPU;

namespace BulkImplantScan.Imaging;

/// <summary>How often each stored value occurs in the films of a batch, exactly, with and without padding.</summary>
/// <remarks>Films of at most 12 bits have a bin a value. Others have 4096 bins of several values first (coarse), then
/// <see cref="PercentileWindowKernel"/> says which four bins matter, and a second run counts the values within those (fine).
/// Counts are whole numbers, so no order of atomics changes them; a thread adds runs of equal neighbours at once, which keeps
/// constant borders from queueing for one counter.</remarks>
public static class HistogramKernel
{
    /// <summary>Threads of a group at most.</summary>
    public const int LargestGroup = 256;

    /// <summary>Groups of a film: each counts a band of its rows.</summary>
    public const int BandsPerFilm = 16;

    /// <summary>Ints of a film: bins without padding, bins of padding, fine bins, and what was located.</summary>
    public const int CountersPerFilm = Located + 16;

    internal const int CoarseBits = 12;
    internal const int CoarseBins = 1 << CoarseBits;

    /// <summary>Low and high percentile, first and last value: bins that the fine run counts.</summary>
    internal const int Places = 4;

    /// <summary>Values of a bin of a 16-bit film.</summary>
    internal const int FineBins = 1 << 16 - CoarseBits;

    internal const int Fine = 2 * CoarseBins;

    /// <summary>For each place its bin and the pixels before it, then the first of the bins that count, then their pixels.</summary>
    internal const int Located = Fine + Places * FineBins;

    internal const int ChosenBins = Located + 2 * Places;
    internal const int ChosenPixels = ChosenBins + 1;

    /// <summary>Explicitly grouped; grid of films × <see cref="BandsPerFilm"/>.</summary>
    /// <param name="films">[N].</param>
    /// <param name="requests">[N].</param>
    /// <param name="bytes">The slab, for samples of 8 bits.</param>
    /// <param name="words">The same memory, for samples of 16 bits.</param>
    /// <param name="counters">[N, <see cref="CountersPerFilm"/>], added to.</param>
    /// <param name="isFine">0: the first run. 1: the second, of films above 12 bits.</param>
    public static void Execute(
        ArrayView<FilmDescriptor> films, ArrayView<PercentileRequest> requests, ArrayView<EightBytes> bytes, ArrayView<EightWords> words,
        ArrayView<int> counters, int isFine)
    {
        var bins = SharedMemory.Allocate1D<int>(2 * CoarseBins);
        var index = Grid.IdxX / BandsPerFilm;
        var band = Grid.IdxX % BandsPerFilm;
        var film = films[index];
        var request = requests[index];
        if (isFine == 1 && request.FineBits == 0) return; // all of the group
        var own = counters.SubView((long)index * CountersPerFilm, CountersPerFilm);

        for (var bin = Group.IdxX; bin < 2 * CoarseBins; bin += Group.DimX) bins[bin] = 0;
        Group.Barrier();

        var is16 = film.Kind == SampleKind.U16 || film.Kind == SampleKind.S16;
        var isSigned = film.Kind == SampleKind.S8 || film.Kind == SampleKind.S16;
        var loadBytes = is16 ? 16 : 8;
        var loadsPerRow = film.RowBytes / loadBytes;
        var firstLoad = film.ByteOffset / loadBytes;
        var usedLoads = (film.Columns.Samples + PreprocessKernel.ColumnsPerThread - 1) / PreprocessKernel.ColumnsPerThread;
        var firstRow = (int)((long)film.Rows.Samples * band / BandsPerFilm);
        var rows = (int)((long)film.Rows.Samples * (band + 1) / BandsPerFilm) - firstRow;
        for (var i = (long)Group.IdxX; i < (long)rows * usedLoads; i += Group.DimX)
        {
            var row = firstRow + (int)(i / usedLoads);
            var column = (int)(i % usedLoads);
            var at = firstLoad + (long)row * loadsPerRow + column;
            var eight = is16 ? words[at] : EightWords.Of(bytes[at], isSigned);
            var left = film.Columns.Samples - column * PreprocessKernel.ColumnsPerThread;
            if (isFine == 1) CountFine(bins, own, request, eight, isSigned, left);
            else CountCoarse(bins, request, eight, isSigned, left);
        }

        Group.Barrier();
        var length = isFine == 1 ? Places * FineBins : 2 * CoarseBins;
        var target = isFine == 1 ? Fine : 0;
        for (var bin = Group.IdxX; bin < length; bin += Group.DimX)
            if (bins[bin] != 0) Atomic.Add(ref own[target + bin], bins[bin]);
    }

    private static void CountCoarse(ArrayView<int> bins, PercentileRequest request, EightWords eight, bool isSigned, int left)
    {
        var bin = -1;
        var run = 0;
        var values = IntrinsicMath.Min(left, PreprocessKernel.ColumnsPerThread);
        for (var i = 0; i < values; i++)
        {
            var next = CoarseBin(request, Sample(eight, i, isSigned));
            if (next != bin)
            {
                if (bin >= 0) Atomic.Add(ref bins[bin], run);
                bin = next;
                run = 0;
            }

            run++;
        }

        if (bin >= 0) Atomic.Add(ref bins[bin], run);
    }

    private static void CountFine(
        ArrayView<int> bins, ArrayView<int> own, PercentileRequest request, EightWords eight, bool isSigned, int left)
    {
        var chosen = own[ChosenBins];
        var values = IntrinsicMath.Min(left, PreprocessKernel.ColumnsPerThread);
        for (var i = 0; i < values; i++)
        {
            var stored = Sample(eight, i, isSigned);
            var bin = CoarseBin(request, stored) - chosen;
            var fine = stored - request.FirstValue & (1 << request.FineBits) - 1;
            for (var place = 0; place < Places; place++)
                if (bin == own[Located + 2 * place]) Atomic.Add(ref bins[place * FineBins + fine], 1);
        }
    }

    /// <summary>Bin of a value, padding behind the others; −1 for none.</summary>
    private static int CoarseBin(PercentileRequest request, int stored)
    {
        var place = stored - request.FirstValue;
        if (place < 0 || place >= 1 << request.BitsStored) return -1;
        return (place >> request.FineBits) + (stored >= request.PaddingFirst && stored <= request.PaddingLast ? CoarseBins : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sample(EightWords eight, int i, bool isSigned)
    {
        var pair = i < 4 ? i < 2 ? eight.A : eight.B : i < 6 ? eight.C : eight.D;
        var word = i % 2 == 0 ? pair : pair >> 16;
        return isSigned ? (short)word : (int)(word & 0xFFFF);
    }
}
