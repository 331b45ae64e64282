namespace BulkImplantScan.Tests.Dicom.Device;

/// <summary>JPEG lossless of one component, written bit by bit with any Huffman table: streams that no encoder would write.</summary>
internal static class NaiveJpegWriter
{
    /// <summary>Every category by five bits.</summary>
    public static readonly (int Length, int Category)[] Even = [.. Enumerable.Range(0, 17).Select(category => (5, category))];

    /// <summary>A code of each length and two of 16 bits, the last one all ones; small differences have the longest.</summary>
    public static readonly (int Length, int Category)[] Deep = [.. Enumerable.Range(0, 17).Select(i => (Math.Min(i + 1, 16), 16 - i))];

    /// <summary>The same, small differences first: a table as radiographs have.</summary>
    public static readonly (int Length, int Category)[] Usual = [.. Enumerable.Range(0, 17).Select(i => (Math.Min(i + 1, 16), i))];

    /// <summary>17 bits a sample, whatever it is: four codes for one category. Decoders that start wrong never fall into step.</summary>
    public static readonly (int Length, int Category)[] OutOfStep = [(2, 15), (2, 15), (2, 15), (2, 15)];

    /// <summary>Encodes a film.</summary>
    /// <param name="cells">Rows × columns; what the point transform drops is dropped.</param>
    /// <param name="columns">Width.</param>
    /// <param name="precision">2 to 16.</param>
    /// <param name="pointTransform">Below the precision.</param>
    /// <param name="selection">1 to 7.</param>
    /// <param name="rowsPerRestart">0: no restarts.</param>
    /// <param name="codes">By their length; each category that occurs at least once.</param>
    public static byte[] Write(
        ReadOnlySpan<ushort> cells, int columns, int precision, int pointTransform, int selection, int rowsPerRestart,
        (int Length, int Category)[] codes)
    {
        var rows = cells.Length / columns;
        var bytes = new List<byte>
        {
            0xFF, 0xD8, 0xFF, 0xC3, 0, 11, (byte)precision, (byte)(rows >> 8), (byte)rows, (byte)(columns >> 8), (byte)columns, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, (byte)(19 + codes.Length), 0,
        };
        for (var length = 1; length <= 16; length++) bytes.Add((byte)codes.Count(code => code.Length == length));
        bytes.AddRange(codes.Select(code => (byte)code.Category));
        var interval = rowsPerRestart * columns;
        if (interval > 0) bytes.AddRange([0xFF, 0xDD, 0, 4, (byte)(interval >> 8), (byte)interval]);
        bytes.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, (byte)selection, 0, (byte)pointTransform]);

        var values = new List<(int Length, int Category, int Code)>();
        for (int i = 0, code = 0, length = 0; i < codes.Length; i++)
        {
            code <<= codes[i].Length - length;
            length = codes[i].Length;
            values.Add((length, codes[i].Category, code++));
        }

        int held = 0, count = 0;
        void Put(int value, int bits)
        {
            for (var bit = bits - 1; bit >= 0; bit--)
            {
                held = held << 1 | value >> bit & 1;
                if (++count < 8) continue;
                bytes.Add((byte)held);
                if (held == 0xFF) bytes.Add(0);
                (held, count) = (0, 0);
            }
        }

        void Fill()
        {
            while (count > 0) Put(1, 1);
        }

        for (var y = 0; y < rows; y++)
        {
            var isFirst = y == 0 || rowsPerRestart > 0 && y % rowsPerRestart == 0;
            if (isFirst && y > 0)
            {
                Fill();
                bytes.AddRange([0xFF, (byte)(0xD0 + (y / rowsPerRestart - 1 & 7))]);
            }

            for (var x = 0; x < columns; x++)
            {
                var i = y * columns + x;
                int a = x > 0 ? cells[i - 1] >> pointTransform : 0, b = y > 0 ? cells[i - columns] >> pointTransform : 0;
                var c = x > 0 && y > 0 ? cells[i - columns - 1] >> pointTransform : 0;
                var prediction = (x, isFirst) switch
                {
                    (0, true) => 1 << precision - pointTransform - 1,
                    (0, false) => b,
                    (_, true) => a,
                    _ => selection switch { 1 => a, 2 => b, 3 => c, 4 => a + b - c, 5 => a + (b - c >> 1), 6 => b + (a - c >> 1), _ => a + b >> 1 },
                };
                int difference = (short)((cells[i] >> pointTransform) - prediction);
                var category = 0;
                while (Math.Abs(difference) >> category != 0) category++;
                var fitting = values.Where(value => value.Category == category).ToArray();
                var code = fitting[i % fitting.Length];
                Put(code.Code, code.Length);
                if (category is > 0 and < 16) Put(difference < 0 ? difference + (1 << category) - 1 : difference, category);
            }
        }

        Fill();
        return [.. bytes, 0xFF, 0xD9];
    }
}
