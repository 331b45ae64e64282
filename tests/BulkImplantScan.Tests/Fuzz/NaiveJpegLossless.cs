namespace BulkImplantScan.Tests.Fuzz;

/// <summary>JPEG lossless bit by bit, as ITU-T T.81 annexes C, F and H say it: the naive twin of the decoder, for broken streams too.</summary>
internal sealed class NaiveJpegLossless
{
    private readonly byte[] _data;
    private readonly List<(int Length, int Code, int Symbol)>?[] _tables = new List<(int, int, int)>?[4];
    private int _at, _bit;

    private NaiveJpegLossless(byte[] data) => _data = data;

    /// <summary>Samples of 16 bits, components of a pixel side by side; null when the stream does not hold them all.</summary>
    public static ushort[]? Decode(byte[] data, int rows, int columns, int components)
    {
        try
        {
            return new NaiveJpegLossless(data).Decode(rows, columns, components);
        }
        catch (IndexOutOfRangeException)
        {
            return null; // the data ended
        }
    }

    private ushort[]? Decode(int rows, int columns, int components)
    {
        var samples = new ushort[rows * columns * components];
        var identifiers = new List<int>();
        int precision = 0, interval = 0, decoded = 0;
        _at = 2;
        while (decoded < components)
        {
            while (_data[_at] != 0xFF || _data[_at + 1] == 0xFF) _at++;
            var marker = _data[_at + 1];
            var start = _at + 4;
            var end = _at + 2 + Word(_at + 2);
            if (end > _data.Length) return null;
            _at = end;
            switch (marker)
            {
                case 0xC3:
                    precision = _data[start];
                    for (var i = 0; i < components; i++) identifiers.Add(_data[start + 6 + 3 * i]);
                    break;
                case 0xC4:
                    while (start < end) start = ReadTable(start);
                    break;
                case 0xDD:
                    interval = Word(start);
                    break;
                case 0xDA:
                    var count = (int)_data[start];
                    var scan = new (int Component, List<(int, int, int)> Table)[count];
                    for (var i = 0; i < count; i++)
                    {
                        var component = identifiers.IndexOf(_data[start + 1 + 2 * i]);
                        if (component < 0 || _tables[_data[start + 2 + 2 * i] >> 4 & 3] is not { } table) return null;
                        scan[i] = (component, table);
                    }

                    var tail = start + 1 + 2 * count;
                    if (!DecodeScan(samples, rows, columns, components, scan, precision, _data[tail], _data[tail + 2] & 15, interval)) return null;
                    decoded += count;
                    break;
            }
        }

        return samples;
    }

    private bool DecodeScan(
        ushort[] samples, int rows, int columns, int components, (int Component, List<(int, int, int)> Table)[] scan,
        int precision, int selection, int shift, int interval)
    {
        _bit = 0;
        var restarts = 0;
        var isFirstRow = true;
        for (var y = 0; y < rows; y++)
        {
            if (interval > 0 && y > 0 && y * columns % interval == 0)
            {
                // What is left of the byte goes, then everything up to a marker.
                if (_bit > 0) SkipByte();
                while (_data[_at] != 0xFF || _data[_at + 1] is 0 or 0xFF) _at++;
                if (_data[_at + 1] != 0xD0 + (restarts++ & 7)) return false;
                _at += 2;
                isFirstRow = true;
            }

            for (var x = 0; x < columns; x++)
            {
                foreach (var (component, table) in scan)
                {
                    if (Difference(table) is not { } difference) return false;
                    int At(int column, int row) => samples[(row * columns + column) * components + component];
                    var prediction = (x, isFirstRow) switch
                    {
                        (0, true) => 1 << precision - shift - 1,
                        (_, true) => At(x - 1, y),
                        (0, _) => At(x, y - 1),
                        _ => selection switch
                        {
                            1 => At(x - 1, y),
                            2 => At(x, y - 1),
                            3 => At(x - 1, y - 1),
                            4 => At(x - 1, y) + At(x, y - 1) - At(x - 1, y - 1),
                            5 => At(x - 1, y) + (At(x, y - 1) - At(x - 1, y - 1) >> 1),
                            6 => At(x, y - 1) + (At(x - 1, y) - At(x - 1, y - 1) >> 1),
                            _ => At(x - 1, y) + At(x, y - 1) >> 1,
                        },
                    };
                    samples[(y * columns + x) * components + component] = (ushort)(prediction + difference);
                }
            }

            isFirstRow = false;
        }

        // Only now: predictions are of samples before the point transform.
        foreach (var (component, _) in scan)
            for (var i = component; i < samples.Length; i += components) samples[i] <<= shift;
        if (_bit > 0) SkipByte();
        while (_at + 1 < _data.Length && (_data[_at] != 0xFF || _data[_at + 1] is 0 or 0xFF)) _at++;
        return true;
    }

    private int ReadTable(int at)
    {
        var table = new List<(int, int, int)>();
        var symbol = at + 17;
        var code = 0;
        for (var length = 1; length <= 16; length++, code <<= 1)
            for (var i = 0; i < _data[at + length]; i++) table.Add((length, code++, _data[symbol++]));
        _tables[_data[at] & 3] = table;
        return symbol;
    }

    private int? Difference(List<(int Length, int Code, int Symbol)> table)
    {
        var code = 0;
        for (var length = 1; length <= 16; length++)
        {
            if (Bit() is not { } bit) return null;
            code = code << 1 | bit;
            foreach (var entry in table)
            {
                if (entry.Length != length || entry.Code != code) continue;
                if (entry.Symbol == 16) return 32768;
                var value = 0;
                for (var i = 0; i < entry.Symbol; i++)
                {
                    if (Bit() is not { } next) return null;
                    value = value << 1 | next;
                }

                return entry.Symbol == 0 || value >> entry.Symbol - 1 == 1 ? value : value - (1 << entry.Symbol) + 1;
            }
        }

        return null;
    }

    private int? Bit()
    {
        if (_at >= _data.Length || _data[_at] == 0xFF && (_at + 1 >= _data.Length || _data[_at + 1] != 0)) return null;
        var bit = _data[_at] >> 7 - _bit & 1;
        if (++_bit == 8) SkipByte();
        return bit;
    }

    private void SkipByte()
    {
        _at += _data[_at] == 0xFF ? 2 : 1; // a stuffed zero goes with it
        _bit = 0;
    }

    private int Word(int at) => _data[at] << 8 | _data[at + 1];
}
