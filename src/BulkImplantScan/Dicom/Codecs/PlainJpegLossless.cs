namespace BulkImplantScan.Dicom.Codecs;

/// <summary>JPEG lossless of one component as ITU-T T.81 writes it down: bit by bit, sample by sample.</summary>
/// <remarks>The reference of <see cref="JpegLosslessCodec"/>, with which it shares nothing. JpegLibrary lost: it predicts the first row of
/// a scan and of a restart interval with the selected predictor, where T.81 H.1.2.1 wants the sample to the left.</remarks>
internal static class PlainJpegLossless
{
    /// <summary>Decodes a stream that is whole and right.</summary>
    /// <param name="frame">From its start of image.</param>
    /// <param name="samples">Rows × columns, as the stream has them.</param>
    /// <exception cref="IndexOutOfRangeException">It is not.</exception>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static void Decode(ReadOnlySpan<byte> frame, Span<int> samples)
    {
        var tables = new Table?[16];
        int precision = 0, columns = 0, restartInterval = 0;
        var at = 2;
        while (true)
        {
            while (frame[at + 1] == 0xFF) at++;
            var marker = frame[at + 1];
            var segment = frame.Slice(at + 4, Word(frame, at + 2) - 2);
            at += 4 + segment.Length;
            if (marker == 0xC3)
            {
                (precision, columns) = (segment[0], Word(segment, 3));
            }
            else if (marker == 0xDD)
            {
                restartInterval = Word(segment, 0);
            }
            else if (marker == 0xC4)
            {
                while (segment.Length > 0)
                {
                    var table = new Table(segment);
                    tables[segment[0]] = table;
                    segment = segment[(17 + table.Symbols)..];
                }
            }
            else if (marker == 0xDA)
            {
                Scan(new(frame[at..]), tables[segment[2] >> 4]!, segment[3], segment[5] & 15, precision, columns, restartInterval, samples);
                return;
            }
        }
    }

    private static void Scan(
        Bits bits, Table table, int selection, int pointTransform, int precision, int columns, int restartInterval, Span<int> samples)
    {
        var firstRow = 0; // of the restart interval
        for (var i = 0; i < samples.Length; i++)
        {
            if (restartInterval > 0 && i > 0 && i % restartInterval == 0)
            {
                bits.Restart();
                firstRow = i / columns;
            }

            var (row, column) = (i / columns, i % columns);
            int prediction;
            if (column == 0)
            {
                prediction = row == firstRow ? 1 << precision - pointTransform - 1 : samples[i - columns];
            }
            else
            {
                var a = samples[i - 1];
                var (b, c) = row == firstRow ? (0, 0) : (samples[i - columns], samples[i - columns - 1]);
                prediction = (row == firstRow ? 1 : selection) switch
                {
                    1 => a,
                    2 => b,
                    3 => c,
                    4 => a + b - c,
                    5 => a + (b - c >> 1),
                    6 => b + (a - c >> 1),
                    _ => a + b >> 1,
                };
            }

            samples[i] = prediction + Difference(ref bits, table) & 0xFFFF;
        }

        foreach (ref var sample in samples) sample <<= pointTransform;
    }

    /// <summary>T.81 F.2.2.1 and H.1.2.2: as many bits as the category says; without a leading one the difference is negative.</summary>
    private static int Difference(ref Bits bits, Table table)
    {
        int code = 0, length = 0, category;
        do
        {
            code = code << 1 | bits.Next();
            if (++length > 16) throw new InvalidDataException("a code that is in no Huffman table");
        }
        while (!table.TryGet(code, length, out category));

        if (category == 16) return 32768;
        var value = 0;
        for (var i = 0; i < category; i++) value = value << 1 | bits.Next();
        return category == 0 || value >> category - 1 != 0 ? value : value - (1 << category) + 1;
    }

    private static int Word(ReadOnlySpan<byte> bytes, int at) => bytes[at] << 8 | bytes[at + 1];

    /// <summary>Symbols by code and its length (T.81 C.2).</summary>
    private sealed class Table
    {
        private readonly Dictionary<(int Code, int Length), int> _symbols = [];

        public Table(ReadOnlySpan<byte> segment)
        {
            var code = 0;
            for (var length = 1; length <= 16; length++, code <<= 1)
                for (var i = 0; i < segment[length]; i++) _symbols[(code++, length)] = segment[17 + Symbols++];
        }

        public int Symbols { get; private set; }

        public bool TryGet(int code, int length, out int symbol) => _symbols.TryGetValue((code, length), out symbol);
    }

    private ref struct Bits(ReadOnlySpan<byte> source)
    {
        private readonly ReadOnlySpan<byte> _source = source;
        private int _at;
        private int _left;

        public int Next()
        {
            if (_left == 0)
            {
                if (_at > 0 && _source[_at - 1] == 0xFF) _at++; // the zero that is stuffed behind FF
                _at++;
                _left = 8;
            }

            return _source[_at - 1] >> --_left & 1;
        }

        /// <summary>Moves behind the next restart marker.</summary>
        public void Restart()
        {
            while (_source[_at] != 0xFF || _source[_at + 1] is < 0xD0 or > 0xD7) _at++;
            _at += 2;
            _left = 0;
        }
    }
}
