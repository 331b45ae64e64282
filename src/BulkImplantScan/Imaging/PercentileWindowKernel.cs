using ILGPU;

namespace BulkImplantScan.Imaging;

/// <summary>Counts of a film → its window from 1 % to 99 %, and the line that shows it, into its descriptor.</summary>
/// <remarks>The definition of the CPU's percentile window, value for value: smallest value with at least that share of all pixels
/// at or below it, in the order of the Modality LUT's output; first and last value when both are equal; half a unit to either
/// side of a constant film.</remarks>
public static class PercentileWindowKernel
{
    /// <summary>Threads of a group at most.</summary>
    public const int LargestGroup = 256;

    private const double LowShare = 0.01;
    private const double HighShare = 0.99;

    /// <summary>Explicitly grouped; grid of films.</summary>
    /// <param name="films">[N]; window and scale of the films whose window is a line are replaced.</param>
    /// <param name="requests">[N].</param>
    /// <param name="counters">[N, <see cref="HistogramKernel.CountersPerFilm"/>], from <see cref="HistogramKernel"/>.</param>
    /// <param name="windows">[N].</param>
    /// <param name="isFine">0: after the first run; locates the bins, and ends the work on films of at most 12 bits. 1: after the
    /// second.</param>
    public static void Execute(
        ArrayView<FilmDescriptor> films, ArrayView<PercentileRequest> requests, ArrayView<int> counters, ArrayView<StoredWindow> windows,
        int isFine)
    {
        var pixels = SharedMemory.Allocate1D<int>(LargestGroup);
        var padding = SharedMemory.Allocate1D<int>(LargestGroup);
        var index = Grid.IdxX;
        var request = requests[index];
        if (isFine == 1 && request.FineBits == 0) return; // all of the group
        var own = counters.SubView((long)index * HistogramKernel.CountersPerFilm, HistogramKernel.CountersPerFilm);

        if (isFine == 0) Locate(own, request, pixels, padding);
        Group.Barrier();
        if (Group.IdxX != 0 || (isFine == 0 && request.FineBits > 0)) return;

        var low = Value(own, request, 0, LowShare * own[HistogramKernel.ChosenPixels]);
        var high = Value(own, request, 1, HighShare * own[HistogramKernel.ChosenPixels]);
        if (low == high)
        {
            low = Value(own, request, 2, 1);
            high = Value(own, request, 3, own[HistogramKernel.ChosenPixels]);
        }

        float least = IntrinsicMath.Min(low, high), most = IntrinsicMath.Max(low, high);
        if (low == high)
        {
            least -= 0.5f; // constant: mid-grey
            most += 0.5f;
        }

        var isLine = own[HistogramKernel.ChosenPixels] > 0 && IsPaddingBlack(own, request, least, most);
        windows[index] = new(least, most, isLine ? 1 : 0);
        if (isLine) films[index] = films[index].Showing(BrightnessLine.Between(least, most, request.IsInverted == 1, films[index].Kind));
    }

    /// <summary>The bins of the four places and the pixels before them, in the order of the Modality LUT's output.</summary>
    private static void Locate(ArrayView<int> own, PercentileRequest request, ArrayView<int> pixels, ArrayView<int> padding)
    {
        var bins = 1 << request.BitsStored - request.FineBits;
        var each = (bins + Group.DimX - 1) / Group.DimX;
        var first = IntrinsicMath.Min(Group.IdxX * each, bins);
        var end = IntrinsicMath.Min(first + each, bins);
        int ownPixels = 0, ownPadding = 0;
        for (var order = first; order < end; order++)
        {
            var bin = request.IsDescending == 1 ? bins - 1 - order : order;
            ownPixels += own[bin];
            ownPadding += own[HistogramKernel.CoarseBins + bin];
        }

        pixels[Group.IdxX] = ownPixels;
        padding[Group.IdxX] = ownPadding;
        Group.Barrier();

        int all = 0, before = 0, allPadding = 0, beforePadding = 0;
        for (var thread = 0; thread < Group.DimX; thread++)
        {
            all += pixels[thread];
            allPadding += padding[thread];
            if (thread < Group.IdxX)
            {
                before += pixels[thread];
                beforePadding += padding[thread];
            }
        }

        // Padding that covers the whole film is none: the attribute lies, or there is nothing to see.
        var chosen = all > 0 ? 0 : HistogramKernel.CoarseBins;
        var total = all > 0 ? all : allPadding;
        var seen = all > 0 ? before : beforePadding;
        for (var order = first; order < end; order++)
        {
            var bin = request.IsDescending == 1 ? bins - 1 - order : order;
            var count = own[chosen + bin];
            if (count == 0) continue;
            Note(own, 0, bin, seen, count, LowShare * total);
            Note(own, 1, bin, seen, count, HighShare * total);
            Note(own, 2, bin, seen, count, 1);
            Note(own, 3, bin, seen, count, total);
            seen += count;
        }

        if (Group.IdxX == 0)
        {
            own[HistogramKernel.ChosenBins] = chosen;
            own[HistogramKernel.ChosenPixels] = total;
        }
    }

    /// <summary>Exactly one thread finds the bin in which so many pixels are reached.</summary>
    private static void Note(ArrayView<int> own, int place, int bin, int seen, int count, double wanted)
    {
        if (seen >= wanted || seen + count < wanted) return;
        own[HistogramKernel.Located + 2 * place] = bin;
        own[HistogramKernel.Located + 2 * place + 1] = seen;
    }

    /// <summary>The stored value at which so many pixels are reached.</summary>
    private static int Value(ArrayView<int> own, PercentileRequest request, int place, double wanted)
    {
        var bin = own[HistogramKernel.Located + 2 * place];
        var seen = own[HistogramKernel.Located + 2 * place + 1];
        var values = 1 << request.FineBits;
        var fine = 0;
        for (var order = 0; order < values && values > 1; order++)
        {
            fine = request.IsDescending == 1 ? values - 1 - order : order;
            seen += own[HistogramKernel.Fine + place * HistogramKernel.FineBins + fine];
            if (seen >= wanted) break;
        }

        return request.FirstValue + bin * values + fine;
    }

    private static bool IsPaddingBlack(ArrayView<int> own, PercentileRequest request, float least, float most)
    {
        var first = IntrinsicMath.Max(request.PaddingFirst, request.FirstValue);
        var last = IntrinsicMath.Min(request.PaddingLast, request.FirstValue + (1 << request.BitsStored) - 1);
        if (first > last || own[HistogramKernel.ChosenBins] != 0) return true;
        return request.IsInverted == 1 ? first >= most : last <= least;
    }
}
