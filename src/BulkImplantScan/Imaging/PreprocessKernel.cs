using System.Runtime.CompilerServices;
using ILGPU;

namespace BulkImplantScan.Imaging;

/// <summary>Stored pixels → network input on a device: the specification of <see cref="PreprocessSimd"/>, a batch at a time.</summary>
/// <remarks><code>
/// a group:  one film, RowsPerGroup target rows
///           ├ tile of source columns, eight a thread
///           │   └ target row ─ 1. down: a thread adds eight columns; one load is 16 bytes, four rows are on their way at once
///           │                  2. barrier
///           │                  3. along: a thread adds the column sums of one target pixel
///           └ next tile (films wider than eight columns a thread)
/// </code>
/// A source row on the edge of two target rows stays in registers between them, so a group reads each stored pixel once; only the
/// first and last row of its band are read by two groups. Two buffers of column sums take turns: one barrier a target row.
/// No atomics: each sum has one order, rows then columns, which neither batch nor group size changes.</remarks>
public static class PreprocessKernel
{
    /// <summary>Target rows of a group: enough groups to fill a device, and of 2500 rows 1 in 90 that two groups read.</summary>
    public const int RowsPerGroup = 8;

    /// <summary>Threads of a group at most; more would wait at each barrier, and this many columns are 2048.</summary>
    public const int LargestGroup = 256;

    /// <summary>Columns of a thread: 16 bytes of 16-bit samples. Also 8 bytes of 8-bit samples: what those films take is additions,
    /// not bandwidth.</summary>
    public const int ColumnsPerThread = 8;

    /// <summary>Loads of a thread under way at once: with some 1,000 threads a multiprocessor 64 KiB, more than the product of
    /// bandwidth and latency of an H200 (4.8 TB/s, about 0.7 µs: 25 KiB a multiprocessor).</summary>
    private const int RowsAtOnce = 4;

    /// <summary>One buffer of column sums, with one float of padding after every 32.</summary>
    private const int BufferLength = LargestGroup * ColumnsPerThread / 32 * 33;

    /// <summary>Explicitly grouped; grid of films × bands of <see cref="RowsPerGroup"/> target rows.</summary>
    /// <param name="films">[N].</param>
    /// <param name="bytes">The slab, for samples of 8 bits.</param>
    /// <param name="words">The same memory, for samples of 16 bits.</param>
    /// <param name="floats">The same memory, for tables.</param>
    /// <param name="target">fp32 [N, C, H, W], written completely.</param>
    /// <param name="input">C, H, W and normalisation.</param>
    public static void Execute(
        ArrayView<FilmDescriptor> films, ArrayView<EightBytes> bytes, ArrayView<EightWords> words, ArrayView<float> floats,
        ArrayView<float> target, KernelInput input)
    {
        var columnSums = SharedMemory.Allocate1D<float>(2 * BufferLength);
        var bands = (input.Height + RowsPerGroup - 1) / RowsPerGroup;
        var index = Grid.IdxX / bands;
        var film = films[index];
        var box = film.Letterbox;
        var filmLength = (long)input.Channels * input.Height * input.Width;
        var network = target.SubView(index * filmLength, filmLength);

        var top = Grid.IdxX % bands * RowsPerGroup;
        var bottom = IntrinsicMath.Min(top + RowsPerGroup, input.Height);
        FillBars(network, input, box, top, bottom);

        var is16 = film.Kind == SampleKind.U16 || film.Kind == SampleKind.S16;
        var isSigned = film.Kind == SampleKind.S8 || film.Kind == SampleKind.S16;
        var loadBytes = is16 ? 16 : 8;
        var loadsPerRow = film.RowBytes / loadBytes;
        var firstLoad = film.ByteOffset / loadBytes;

        // Uniform over the group from here to each barrier: every thread makes every round of these loops.
        var firstRow = IntrinsicMath.Max(top, box.Top);
        var endRow = IntrinsicMath.Min(bottom, box.Top + box.Height);
        var tileColumns = Group.DimX * ColumnsPerThread;
        var buffer = 0;
        var right = 0;
        for (var left = 0; left < box.Width; left = right)
        {
            // At most nine columns more than the target pixels cover: a cut pixel at either end, and back to a multiple of eight; and one
            // where the last sample stands for what lies beyond it.
            var firstColumn = AreaSpan.Of(left, film.Columns, box.Width).First / ColumnsPerThread * ColumnsPerThread;
            right = film.Columns.Samples - firstColumn <= tileColumns
                ? box.Width
                : IntrinsicMath.Min(left + IntrinsicMath.Max((tileColumns - 10) * box.Width / film.Columns.Samples, 1), box.Width);
            var endColumn = AreaSpan.Of(right - 1, film.Columns, box.Width).Last + 1;
            var isOnePart = endColumn - firstColumn <= tileColumns;
            var firstX = left + Group.IdxX;
            var firstSpan = AreaSpan.Of(IntrinsicMath.Min(firstX, right - 1), film.Columns, box.Width);
            var edge = new EightWords(0, 0, 0, 0);
            var edgeRow = -1;
            for (var y = firstRow; y < endRow; y++)
            {
                var rows = AreaSpan.Of(y - box.Top, film.Rows, box.Height);
                var sum = 0f;

                // One part, but where one target pixel is wider than a tile: then that pixel is a tile, and its sum goes on.
                for (var from = firstColumn; from < endColumn; from += tileColumns)
                {
                    var to = IntrinsicMath.Min(from + tileColumns, endColumn);
                    var column = from + Group.IdxX * ColumnsPerThread;
                    if (column < to)
                    {
                        var sums = new EightFloats(0, 0, 0, 0, 0, 0, 0, 0);
                        var row = rows.First;
                        if (row == edgeRow)
                        {
                            sums = sums.Plus(rows.FirstWeight, Values(film, isSigned, edge, floats));
                            row++;
                        }

                        var last = rows.Last;
                        var load = firstLoad + column / ColumnsPerThread;
                        for (; row <= last; row += RowsAtOnce)
                        {
                            // Past the last row the last again, which is on its way already: no branch between the loads.
                            var at0 = load + (long)row * loadsPerRow;
                            var at1 = load + (long)IntrinsicMath.Min(row + 1, last) * loadsPerRow;
                            var at2 = load + (long)IntrinsicMath.Min(row + 2, last) * loadsPerRow;
                            var at3 = load + (long)IntrinsicMath.Min(row + 3, last) * loadsPerRow;
                            EightWords words0, words1, words2;
                            if (is16)
                            {
                                words0 = words[at0];
                                words1 = words[at1];
                                words2 = words[at2];
                                edge = words[at3];
                            }
                            else
                            {
                                var (bytes0, bytes1, bytes2, bytes3) = (bytes[at0], bytes[at1], bytes[at2], bytes[at3]);
                                words0 = EightWords.Of(bytes0, isSigned);
                                words1 = EightWords.Of(bytes1, isSigned);
                                words2 = EightWords.Of(bytes2, isSigned);
                                edge = EightWords.Of(bytes3, isSigned);
                            }

                            sums = sums.Plus(Weight(rows, row), Values(film, isSigned, words0, floats));
                            if (row + 1 <= last) sums = sums.Plus(Weight(rows, row + 1), Values(film, isSigned, words1, floats));
                            if (row + 2 <= last) sums = sums.Plus(Weight(rows, row + 2), Values(film, isSigned, words2, floats));
                            if (row + 3 <= last) sums = sums.Plus(Weight(rows, row + 3), Values(film, isSigned, edge, floats));
                        }

                        Store(columnSums, buffer + Group.IdxX * ColumnsPerThread * 33 / 32, sums);
                    }

                    Group.Barrier();
                    for (var x = firstX; x < right; x += Group.DimX)
                    {
                        var span = x == firstX ? firstSpan : AreaSpan.Of(x, film.Columns, box.Width);
                        if (from == firstColumn) sum = 0f;
                        var end = IntrinsicMath.Min(span.Last + 1, to);
                        for (var c = IntrinsicMath.Max(span.First, from); c < end; c++)
                        {
                            var weight = c == span.First ? span.FirstWeight : c == span.Last ? span.LastWeight : 1f;
                            sum += weight * columnSums[buffer + Padded(c - from)];
                        }

                        if (to == endColumn)
                            Write(network, input, y, box.Left + (film.IsMirrored != 0 ? box.Width - 1 - x : x), IntrinsicMath.Clamp(sum * film.Scale + film.Bias, 0f, 1f));
                    }

                    buffer = BufferLength - buffer; // who is first at the next barrier writes beside those who still add here
                }

                edgeRow = isOnePart ? rows.Last : -1;
            }
        }
    }

    /// <summary>Brightness 0 where the film is not, in the rows of this group.</summary>
    private static void FillBars(ArrayView<float> network, KernelInput input, Letterbox box, int top, int bottom)
    {
        for (var i = Group.IdxX; i < (bottom - top) * input.Width; i += Group.DimX)
        {
            var y = top + i / input.Width;
            var x = i % input.Width;
            if (y < box.Top || y >= box.Top + box.Height || x < box.Left || x >= box.Left + box.Width)
                Write(network, input, y, x, 0f);
        }
    }

    private static void Write(ArrayView<float> network, KernelInput input, int y, int x, float brightness)
    {
        for (var channel = 0; channel < input.Channels; channel++)
            network[(channel * input.Height + y) * input.Width + x] = input.Normalise(brightness, channel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Weight(AreaSpan rows, int row) =>
        row == rows.First ? rows.FirstWeight : row == rows.Last ? rows.LastWeight : 1f;

    /// <summary>Eight stored values clamped to the window and counted from its lower end, or looked up.</summary>
    /// <remarks>The branches are uniform: a group works on one film.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static EightFloats Values(FilmDescriptor film, bool isSigned, EightWords words, ArrayView<float> floats)
    {
        if (film.TableLength > 0)
            return new(
                LookUp(film, isSigned, words.A, floats), LookUp(film, isSigned, words.A >> 16, floats),
                LookUp(film, isSigned, words.B, floats), LookUp(film, isSigned, words.B >> 16, floats),
                LookUp(film, isSigned, words.C, floats), LookUp(film, isSigned, words.C >> 16, floats),
                LookUp(film, isSigned, words.D, floats), LookUp(film, isSigned, words.D >> 16, floats));
        if (isSigned)
            return new(
                Clamp(film, (short)words.A), Clamp(film, (short)(words.A >> 16)), Clamp(film, (short)words.B), Clamp(film, (short)(words.B >> 16)),
                Clamp(film, (short)words.C), Clamp(film, (short)(words.C >> 16)), Clamp(film, (short)words.D), Clamp(film, (short)(words.D >> 16)));
        return new(
            Clamp(film, (ushort)words.A), Clamp(film, (ushort)(words.A >> 16)), Clamp(film, (ushort)words.B), Clamp(film, (ushort)(words.B >> 16)),
            Clamp(film, (ushort)words.C), Clamp(film, (ushort)(words.C >> 16)), Clamp(film, (ushort)words.D), Clamp(film, (ushort)(words.D >> 16)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Clamp(FilmDescriptor film, float stored) => IntrinsicMath.Clamp(stored, film.Low, film.High) - film.Low;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LookUp(FilmDescriptor film, bool isSigned, uint word, ArrayView<float> floats)
    {
        int stored = isSigned ? (short)word : (ushort)word;
        return floats[film.TableOffset + IntrinsicMath.Clamp(stored - film.FirstValue, 0, film.TableLength - 1)];
    }

    /// <summary>Where a column's sum lies in a buffer: with one float in 33 left free, a warp that stores eight columns a thread
    /// reaches all 32 banks at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Padded(int column) => column + column / 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ArrayView<float> columnSums, int first, EightFloats sums)
    {
        columnSums[first] = sums.A;
        columnSums[first + 1] = sums.B;
        columnSums[first + 2] = sums.C;
        columnSums[first + 3] = sums.D;
        columnSums[first + 4] = sums.E;
        columnSums[first + 5] = sums.F;
        columnSums[first + 6] = sums.G;
        columnSums[first + 7] = sums.H;
    }
}
