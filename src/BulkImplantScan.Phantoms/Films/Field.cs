using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Films;

/// <summary>Grids of floats: smoothing and interpolation.</summary>
internal static class Field
{
    /// <summary>Smooths in place by three box passes each way, close to a Gaussian; edges repeat.</summary>
    public static void Smooth(float[] field, int columns, int rows, double sigmaCells, Room room)
    {
        if (sigmaCells < 0.4) return;
        // Three boxes of width w have variance (w² − 1) / 4.
        var half = Math.Max((int)Math.Round((Math.Sqrt(4 * sigmaCells * sigmaCells + 1) - 1) / 2), 1);
        var copy = room.Any(columns * rows);
        var sum = room.Any(columns);
        for (var pass = 0; pass < 3; pass++)
        {
            BoxAcross(field, copy, columns, rows, half);
            BoxDown(copy, field, sum, columns, rows, half);
        }

        room.Return(copy);
    }

    private static void BoxAcross(float[] source, float[] target, int columns, int rows, int half)
    {
        // A running sum waits for itself: four rows at once keep the processor busy.
        var row = 0;
        for (; row + 4 <= rows; row += 4) BoxAcross4(source.AsSpan(row * columns, 4 * columns), target.AsSpan(row * columns, 4 * columns), columns, half);
        for (; row < rows; row++) BoxAcross(source.AsSpan(row * columns, columns), target.AsSpan(row * columns, columns), half);
    }

    private static void BoxAcross(ReadOnlySpan<float> source, Span<float> target, int half)
    {
        var last = source.Length - 1;
        var sum = source[0] * half;
        for (var i = 0; i <= half; i++) sum += source[Math.Min(i, last)];
        var scale = 1f / (2 * half + 1);
        for (var i = 0; i <= last; i++)
        {
            target[i] = sum * scale;
            sum += source[Math.Min(i + half + 1, last)] - source[Math.Max(i - half, 0)];
        }
    }

    private static void BoxAcross4(ReadOnlySpan<float> source, Span<float> target, int columns, int half)
    {
        var last = columns - 1;
        ReadOnlySpan<float> a = source[..columns], b = source.Slice(columns, columns), c = source.Slice(2 * columns, columns), d = source.Slice(3 * columns, columns);
        Span<float> toA = target[..columns], toB = target.Slice(columns, columns), toC = target.Slice(2 * columns, columns), toD = target.Slice(3 * columns, columns);
        float sumA = a[0] * half, sumB = b[0] * half, sumC = c[0] * half, sumD = d[0] * half;
        for (var i = 0; i <= half; i++)
        {
            var at = Math.Min(i, last);
            (sumA, sumB, sumC, sumD) = (sumA + a[at], sumB + b[at], sumC + c[at], sumD + d[at]);
        }

        var scale = 1f / (2 * half + 1);
        for (var i = 0; i < columns; i++)
        {
            (toA[i], toB[i], toC[i], toD[i]) = (sumA * scale, sumB * scale, sumC * scale, sumD * scale);
            int enter = Math.Min(i + half + 1, last), leave = Math.Max(i - half, 0);
            sumA += a[enter] - a[leave];
            sumB += b[enter] - b[leave];
            sumC += c[enter] - c[leave];
            sumD += d[enter] - d[leave];
        }
    }

    private static void BoxDown(float[] source, float[] target, float[] sum, int columns, int rows, int half)
    {
        // All columns at once, row by row: memory is read in order.
        var last = rows - 1;
        sum.AsSpan(0, columns).Clear();
        for (var i = -half; i <= half; i++) Add(sum, source.AsSpan(Math.Clamp(i, 0, last) * columns), columns);
        var scale = Vector256.Create(1f / (2 * half + 1));
        for (var row = 0; row < rows; row++)
        {
            var to = target.AsSpan(row * columns);
            ReadOnlySpan<float> enter = source.AsSpan(Math.Min(row + half + 1, last) * columns), leave = source.AsSpan(Math.Max(row - half, 0) * columns);
            var x = 0;
            for (; x + Vector256<float>.Count <= columns; x += Vector256<float>.Count)
            {
                var sums = Vector256.Create(sum, x);
                (sums * scale).CopyTo(to[x..]);
                (sums + (Vector256.Create(enter[x..]) - Vector256.Create(leave[x..]))).CopyTo(sum, x);
            }

            for (; x < columns; x++)
            {
                to[x] = sum[x] * scale[0];
                sum[x] += enter[x] - leave[x];
            }
        }
    }

    /// <summary>Adds <paramref name="gain"/> times so many values.</summary>
    public static void Add(Span<float> target, ReadOnlySpan<float> source, int length, float gain)
    {
        var x = 0;
        for (; x + Vector256<float>.Count <= length; x += Vector256<float>.Count)
            (Vector256.Create<float>(target[x..]) + Vector256.Create(source[x..]) * gain).CopyTo(target[x..]);
        for (; x < length; x++) target[x] += gain * source[x];
    }

    /// <summary>Adds so many values.</summary>
    public static void Add(Span<float> target, ReadOnlySpan<float> source, int length)
    {
        var x = 0;
        for (; x + Vector256<float>.Count <= length; x += Vector256<float>.Count)
            (Vector256.Create<float>(target[x..]) + Vector256.Create(source[x..])).CopyTo(target[x..]);
        for (; x < length; x++) target[x] += source[x];
    }

    /// <summary>Mean over blocks of <paramref name="block"/> cells; a part block at the edge counts what it has.</summary>
    public static float[] Shrink(float[] field, int columns, int rows, int block, Room room, out int newColumns, out int newRows)
    {
        (newColumns, newRows) = ((columns + block - 1) / block, (rows + block - 1) / block);
        var small = room.Any(newColumns * newRows);
        if (block == 1)
        {
            field.AsSpan(0, columns * rows).CopyTo(small);
            return small;
        }

        for (var y = 0; y < newRows; y++)
        {
            for (var x = 0; x < newColumns; x++)
            {
                var sum = 0f;
                int x1 = Math.Min((x + 1) * block, columns), y1 = Math.Min((y + 1) * block, rows);
                for (var v = y * block; v < y1; v++)
                    foreach (var value in field.AsSpan(v * columns + x * block, x1 - x * block)) sum += value;
                small[y * newColumns + x] = sum / ((x1 - x * block) * (y1 - y * block));
            }
        }

        return small;
    }

    /// <summary>One row of a grid, blown up by <paramref name="cell"/>: bilinear between the centres of its cells.</summary>
    /// <param name="field">The grid.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="cell">Pixels a cell.</param>
    /// <param name="row">Row in pixels of the large film.</param>
    /// <param name="line">Working room, at least <paramref name="columns"/> long.</param>
    /// <param name="target">Pixels of that row.</param>
    public static void Enlarge(float[] field, int columns, int rows, int cell, int row, float[] line, Span<float> target)
    {
        var v = Math.Clamp((row + 0.5f) / cell - 0.5f, 0, rows - 1.001f);
        var j = Math.Min((int)v, rows - 2);
        v -= j;
        var upper = field.AsSpan(j * columns, columns);
        var lower = field.AsSpan((j + 1) * columns, columns);
        if (cell == 1)
        {
            // Row by row as it is; of the last only what rounding leaves is of its neighbour.
            (v < 0.5f ? upper : lower)[..target.Length].CopyTo(target);
            return;
        }

        var filled = 0;
        for (; filled + Vector256<float>.Count <= columns; filled += Vector256<float>.Count)
        {
            var above = Vector256.Create<float>(upper[filled..]);
            (above + (Vector256.Create<float>(lower[filled..]) - above) * v).CopyTo(line, filled);
        }

        for (; filled < columns; filled++) line[filled] = upper[filled] + v * (lower[filled] - upper[filled]);

        var step = 1f / cell;
        var first = -(cell - 1) * 0.5f * step; // of pixel 0, in cells from the centre of cell 0
        for (int i = 0, x = 0; x < target.Length; i++)
        {
            // Pixels whose left neighbour is cell i.
            float a = line[i], slope = line[Math.Min(i + 1, columns - 1)] - a;
            var share = first + x * step - i;
            if (share < 0)
            {
                target[x++] = a;
                i--;
                continue;
            }

            for (; share < 1 && x < target.Length; share += step) target[x++] = a + slope * share;
        }
    }
}
