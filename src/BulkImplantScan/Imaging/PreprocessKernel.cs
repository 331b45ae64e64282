using ILGPU;

namespace BulkImplantScan.Imaging;

/// <summary>Stored pixels → network input on a device: the specification of <see cref="PreprocessSimd"/>, a batch at a time.</summary>
/// <remarks><code>
/// a group:  one film, RowsPerGroup target rows
///           ├ tile of target columns (its source columns fit shared memory)
///           │   └ target row ─ 1. a thread adds down one source column: neighbours read neighbours
///           │                  2. barrier; a thread adds along the columns of one target pixel; barrier
///           └ next tile ...
/// </code>
/// A source row on the edge of two target rows is read by both, one after the other, so once from device memory.
/// No atomics: each sum has one order, rows then columns, which neither batch nor group size changes.</remarks>
public static class PreprocessKernel
{
    /// <summary>Target rows of a group: enough groups to fill a device, few source rows that two groups read.</summary>
    public const int RowsPerGroup = 8;

    /// <summary>Column sums in shared memory: 4 KiB, which lets every multiprocessor hold as many groups as it has threads for.</summary>
    public const int TileColumns = 1024;

    /// <summary>Explicitly grouped; grid of films × bands of <see cref="RowsPerGroup"/> target rows.</summary>
    /// <param name="films">[N].</param>
    /// <param name="bytes">The slab, for samples of 8 bits.</param>
    /// <param name="words">The same memory, for samples of 16 bits.</param>
    /// <param name="floats">The same memory, for tables.</param>
    /// <param name="target">fp32 [N, C, H, W], written completely.</param>
    /// <param name="input">C, H, W and normalisation.</param>
    public static void Execute(
        ArrayView<FilmDescriptor> films, ArrayView<byte> bytes, ArrayView<ushort> words, ArrayView<float> floats,
        ArrayView<float> target, KernelInput input)
    {
        var columnSums = SharedMemory.Allocate1D<float>(TileColumns);
        var bands = (input.Height + RowsPerGroup - 1) / RowsPerGroup;
        var index = Grid.IdxX / bands;
        var film = films[index];
        var box = film.Letterbox;
        var filmLength = (long)input.Channels * input.Height * input.Width;
        var network = target.SubView(index * filmLength, filmLength);

        var top = Grid.IdxX % bands * RowsPerGroup;
        var bottom = IntrinsicMath.Min(top + RowsPerGroup, input.Height);
        FillBars(network, input, box, top, bottom);

        // Uniform over the group from here to each barrier: every thread makes every round of these loops.
        var firstRow = IntrinsicMath.Max(top, box.Top);
        var endRow = IntrinsicMath.Min(bottom, box.Top + box.Height);
        var pixelsPerTile = IntrinsicMath.Clamp((TileColumns - 2) * box.Width / film.Columns, 1, Group.DimX);
        for (var left = 0; left < box.Width; left += pixelsPerTile)
        {
            var right = IntrinsicMath.Min(left + pixelsPerTile, box.Width);
            var firstColumn = AreaSpan.Of(left, film.Columns, box.Width).First;
            var endColumn = AreaSpan.Of(right - 1, film.Columns, box.Width).Last + 1;
            var x = left + Group.IdxX;
            var span = AreaSpan.Of(IntrinsicMath.Min(x, right - 1), film.Columns, box.Width);
            for (var y = firstRow; y < endRow; y++)
            {
                var rows = AreaSpan.Of(y - box.Top, film.Rows, box.Height);
                var sum = 0f;

                // One round, but for films so wide that one target pixel covers more than a tile.
                for (var from = firstColumn; from < endColumn; from += TileColumns)
                {
                    var to = IntrinsicMath.Min(from + TileColumns, endColumn);
                    for (var column = from + Group.IdxX; column < to; column += Group.DimX)
                        columnSums[column - from] = AddDown(film, rows, column, bytes, words, floats);
                    Group.Barrier();

                    if (x < right)
                    {
                        var end = IntrinsicMath.Min(span.Last + 1, to);
                        for (var column = IntrinsicMath.Max(span.First, from); column < end; column++)
                        {
                            var weight = column == span.First ? span.FirstWeight : column == span.Last ? span.LastWeight : 1f;
                            sum += weight * columnSums[column - from];
                        }
                    }

                    Group.Barrier();
                }

                if (x < right)
                {
                    var brightness = IntrinsicMath.Clamp(sum * film.Scale + film.Bias, 0f, 1f);
                    Write(network, input, y, box.Left + x, brightness);
                }
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

    /// <summary>Σ weight · value down one source column.</summary>
    private static float AddDown(
        FilmDescriptor film, AreaSpan rows, int column, ArrayView<byte> bytes, ArrayView<ushort> words, ArrayView<float> floats)
    {
        var is16 = film.Kind == SampleKind.U16 || film.Kind == SampleKind.S16;
        var signed = film.Kind == SampleKind.S8 || film.Kind == SampleKind.S16;
        var sample = (is16 ? film.ByteOffset / 2 : film.ByteOffset) + (long)rows.First * film.Columns + column;
        var sum = 0f;
        for (var row = rows.First; row <= rows.Last; row++, sample += film.Columns)
        {
            int stored = is16
                ? signed ? (short)words[sample] : words[sample]
                : signed ? (sbyte)bytes[sample] : bytes[sample];
            float value = film.TableLength > 0
                ? floats[film.TableOffset + IntrinsicMath.Clamp(stored - film.FirstValue, 0, film.TableLength - 1)]
                : IntrinsicMath.Clamp(stored, film.Low, film.High) - film.Low;
            var weight = row == rows.First ? rows.FirstWeight : row == rows.Last ? rows.LastWeight : 1f;
            sum += weight * value;
        }

        return sum;
    }
}
