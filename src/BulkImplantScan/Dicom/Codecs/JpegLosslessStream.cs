using System.Buffers.Binary;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The marker segments of a JPEG lossless stream (ITU-T T.81 annex B), read up to one scan after the other.</summary>
/// <remarks>What decodes on the processor and what decodes on a device both read them here: a stream
/// that one takes is not another one to the other.</remarks>
internal ref struct JpegLosslessStream
{
    private const int MaxComponents = 3;
    private const int TableSlots = 4;

    // Tables, comments, scans: real streams have some ten; a file full of tables would cost a microsecond each.
    private const int MaxSegments = 10_000;

    private readonly ReadOnlySpan<byte> _frame;
    private readonly ImagePixelDescription _description;
    private readonly JpegDifferenceTable[] _tables;
    private int _segments;
    private int _precision; // 0 before the frame header
    private int _components;
    private int _restartInterval;
    private uint _identifiers; // a byte each
    private int _pending;      // a bit each: not yet decoded

    /// <summary>A stream of which nothing was read yet.</summary>
    /// <param name="frame">From its start of image.</param>
    /// <param name="description">As the header of the file has it; the stream must agree.</param>
    /// <param name="tables">From <see cref="NewTables"/>; overwritten.</param>
    public JpegLosslessStream(ReadOnlySpan<byte> frame, in ImagePixelDescription description, JpegDifferenceTable[] tables)
    {
        _frame = frame;
        (_description, _tables) = (description, tables);
        foreach (var table in tables) table.IsDefined = false;
    }

    /// <summary>Next byte to be read: behind the header of the scan that was read last.</summary>
    public int Position { get; set; }

    /// <summary>Memory for the tables of a stream.</summary>
    public static JpegDifferenceTable[] NewTables()
    {
        var tables = new JpegDifferenceTable[TableSlots];
        for (var i = 0; i < tables.Length; i++) tables[i] = new();
        return tables;
    }

    /// <summary>Reads on to the next scan and its header.</summary>
    public CodecResult ReadToScan(out JpegLosslessScan scan)
    {
        scan = default;
        if (Position == 0)
        {
            if (_frame.Length < 2) return CodecResult.Truncated(_frame.Length);
            if (_frame[0] != 0xFF || _frame[1] != 0xD8) return CodecResult.Corrupt(0, "no start of image");
            Position = 2;
        }

        for (var at = Position; ; _segments++)
        {
            if (_segments == MaxSegments) return CodecResult.Corrupt(at, "more marker segments than the limit");
            while (at + 1 < _frame.Length && _frame[at] == 0xFF && _frame[at + 1] == 0xFF) at++; // fill bytes
            if (at + 4 > _frame.Length)
                return at + 2 <= _frame.Length && _frame[at] == 0xFF && _frame[at + 1] == 0xD9
                    ? CodecResult.Corrupt(at, "the image ends before its last scan")
                    : CodecResult.Truncated(_frame.Length);
            if (_frame[at] != 0xFF) return CodecResult.Corrupt(at, "a marker was expected");

            var marker = _frame[at + 1];
            if (marker is 0xD9) return CodecResult.Corrupt(at, "the image ends before its last scan");
            if (marker is 0x00 or 0x01 or >= 0xD0 and <= 0xD8) return CodecResult.Corrupt(at, "a marker out of place");
            var length = BinaryPrimitives.ReadUInt16BigEndian(_frame[(at + 2)..]);
            if (length < 2) return CodecResult.Corrupt(at, "length of a marker segment");
            var start = at + 4;
            at += 2 + length;
            if (at > _frame.Length) return CodecResult.Truncated(_frame.Length);
            var segment = _frame[start..at];

            string? fault = null;
            switch (marker)
            {
                case 0xC3:
                    fault = ReadFrame(segment);
                    break;
                case 0xC4:
                    fault = ReadTables(segment);
                    break;
                case 0xDD:
                    if (segment.Length < 2) fault = "restart interval";
                    else _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xDA:
                    fault = ReadScan(segment, ref scan);
                    if (fault is not null) break;
                    (scan.Precision, scan.FrameComponents, scan.RestartInterval) = (_precision, _components, _restartInterval);
                    scan.IsLast = _pending == 0;
                    Position = at;
                    _segments++;
                    return default;
                case >= 0xC0 and <= 0xCF and not (0xC8 or 0xCC):
                    fault = "another JPEG process than lossless Huffman";
                    break;
            }

            if (fault is not null) return CodecResult.Corrupt(start, fault);
        }
    }

    private string? ReadFrame(ReadOnlySpan<byte> segment)
    {
        if (_precision != 0) return "a second frame header";
        if (segment.Length < 6 || segment.Length < 6 + 3 * segment[5]) return "frame header";
        var (precision, components) = (segment[0], segment[5]);
        if (precision is < 2 or > 16) return "precision";
        if (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]) != _description.Rows
            || BinaryPrimitives.ReadUInt16BigEndian(segment[3..]) != _description.Columns)
        {
            return "rows or columns disagree with the header";
        }

        if (components != _description.SamplesPerPixel) return "components disagree with the header";
        if (_description.BitsAllocated is not (8 or 16) || precision > _description.BitsAllocated)
            return "precision disagrees with the header";

        for (var i = 0; i < components; i++)
        {
            if (components > 1 && segment[7 + 3 * i] != 0x11) return "subsampled components";
            _identifiers |= (uint)segment[6 + 3 * i] << 8 * i;
        }

        (_precision, _components, _pending) = (precision, components, (1 << components) - 1);
        return null;
    }

    private readonly string? ReadTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            if (segment.Length < 17) return "Huffman table";
            var slot = segment[0];
            var counts = segment.Slice(1, 16);
            var symbols = 0;
            foreach (var count in counts) symbols += count;
            if (slot >= TableSlots || segment.Length < 17 + symbols) return "Huffman table";
            if (!_tables[slot].TryBuild(counts, segment.Slice(17, symbols))) return "Huffman table";
            segment = segment[(17 + symbols)..];
        }

        return null;
    }

    private string? ReadScan(ReadOnlySpan<byte> segment, ref JpegLosslessScan scan)
    {
        if (_precision == 0) return "a scan before its frame header";
        if (segment.Length < 1 || segment[0] is 0 or > MaxComponents || segment.Length < 4 + 2 * segment[0]) return "scan header";
        scan.Components = segment[0];
        for (var i = 0; i < scan.Components; i++)
        {
            var (identifier, slot) = (segment[1 + 2 * i], segment[2 + 2 * i] >> 4);
            var component = 0;
            while (component < _components && (byte)(_identifiers >> 8 * component) != identifier) component++;
            if (component == _components || (_pending >> component & 1) == 0) return "component of a scan";
            if (slot >= TableSlots || !_tables[slot].IsDefined) return "a scan without its Huffman table";
            _pending &= ~(1 << component);
            if (i == 0) (scan.First, scan.Table0) = (component, _tables[slot]);
            else if (component != scan.First + i) return "order of components in a scan";
            else if (i == 1) scan.Table1 = _tables[slot];
            else scan.Table2 = _tables[slot];
        }

        var tail = segment[(1 + 2 * scan.Components)..];
        (scan.Selection, scan.PointTransform) = (tail[0], tail[2] & 0xF);
        if (scan.Selection is < 1 or > 7) return "selection value";
        return scan.PointTransform >= _precision ? "point transform" : null;
    }
}
