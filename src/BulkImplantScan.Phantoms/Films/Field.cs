namespace BulkImplantScan.Phantoms.Films;

/// <summary>Grids of floats: smoothing and interpolation.</summary>
internal static class Field
{
    /// <summary>Smooths in place by three box passes each way, close to a Gaussian; edges repeat.</summary>
    public static void Smooth(float[] field, int columns, int rows, double sigmaCells)
    {
        if (sigmaCells < 0.4) return;
        // Three boxes of width w have variance (w² − 1) / 4.
        var half = Math.Max((int)Math.Round((Math.Sqrt(4 * sigmaCells * sigmaCells + 1) - 1) / 2), 1);
        var line = new float[Math.Max(columns, rows)];
        for (var pass = 0; pass < 3; pass++)
        {
            for (var row = 0; row < rows; row++) Box(field.AsSpan(row * columns, columns), line, half);
            BoxDown(field, columns, rows, half);
        }
    }

    private static void Box(Span<float> values, float[] line, int half)
    {
        var last = values.Length - 1;
        values.CopyTo(line);
        var sum = line[0] * half;
        for (var i = 0; i <= half; i++) sum += line[Math.Min(i, last)];
        var scale = 1f / (2 * half + 1);
        for (var i = 0; i <= last; i++)
        {
            values[i] = sum * scale;
            sum += line[Math.Min(i + half + 1, last)] - line[Math.Max(i - half, 0)];
        }
    }

    private static void BoxDown(float[] field, int columns, int rows, int half)
    {
        // All columns at once, row by row: memory is read in order.
        var copy = field.AsSpan(0, columns * rows).ToArray();
        var sum = new float[columns];
        var last = rows - 1;
        for (var i = -half; i <= half; i++)
        {
            var source = copy.AsSpan(Math.Clamp(i, 0, last) * columns, columns);
            for (var x = 0; x < columns; x++) sum[x] += source[x];
        }

        var scale = 1f / (2 * half + 1);
        for (var row = 0; row < rows; row++)
        {
            var target = field.AsSpan(row * columns, columns);
            var enter = copy.AsSpan(Math.Min(row + half + 1, last) * columns, columns);
            var leave = copy.AsSpan(Math.Max(row - half, 0) * columns, columns);
            for (var x = 0; x < columns; x++)
            {
                target[x] = sum[x] * scale;
                sum[x] += enter[x] - leave[x];
            }
        }
    }

    /// <summary>Mean over blocks of <paramref name="block"/> cells; a part block at the edge counts what it has.</summary>
    public static float[] Shrink(float[] field, int columns, int rows, int block, out int newColumns, out int newRows)
    {
        (newColumns, newRows) = ((columns + block - 1) / block, (rows + block - 1) / block);
        var small = new float[newColumns * newRows];
        for (var y = 0; y < newRows; y++)
        {
            for (var x = 0; x < newColumns; x++)
            {
                var sum = 0f;
                int x1 = Math.Min((x + 1) * block, columns), y1 = Math.Min((y + 1) * block, rows);
                for (var v = y * block; v < y1; v++)
                    for (var u = x * block; u < x1; u++) sum += field[v * columns + u];
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
        for (var x = 0; x < columns; x++) line[x] = upper[x] + v * (lower[x] - upper[x]);

        if (cell == 1)
        {
            line.AsSpan(0, target.Length).CopyTo(target);
            return;
        }

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
