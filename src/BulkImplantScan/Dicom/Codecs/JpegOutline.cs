using System.Buffers.Binary;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The marker segments of a DCT-based JPEG stream (ITU-T T.81 annex B), walked before JpegLibrary is given it.</summary>
/// <remarks>JpegLibrary trusts: spectral selections beyond a block, sampling factors of 3, an end of image amid restart intervals and
/// scans that never come all decode to something. Here each of them is a reason. What is between the markers, JpegLibrary reads.</remarks>
internal ref struct JpegOutline
{
    private const int MaxComponents = 3;
    private const int BlockSize = 64;

    // Tables, comments, scans: real streams have some twenty; each scan of a progressive picture is a walk over all its blocks.
    private const int MaxSegments = 10_000;
    private const int MaxScans = 100;

    // JpegLibrary keeps the coefficients of a progressive picture, two bytes each: half of what a span can hold.
    private const long MaxProgressiveSamples = 1 << 28;

    private const int NotCoded = -1;

    private readonly ReadOnlySpan<byte> _frame;
    private readonly Span<sbyte> _lowBit; // of each coefficient of a progressive picture, the lowest bit that is coded so far
    private uint _identifiers;            // a byte each
    private int _isSequentialDone;        // a bit a component
    private uint _quantization;           // the table of each component, a byte each
    private int _hasQuantization;         // a bit a table that is defined
    private int _scans;

    private JpegOutline(ReadOnlySpan<byte> frame, Span<sbyte> lowBit)
    {
        _frame = frame;
        _lowBit = lowBit;
        lowBit.Fill(NotCoded);
    }

    /// <summary>Bits of a sample: 8 or 12.</summary>
    public int Precision { get; private set; }

    /// <summary>1 or 3.</summary>
    public int Components { get; private set; }

    /// <summary>SOF2: coefficients come in several scans.</summary>
    public bool IsProgressive { get; private set; }

    /// <summary>Largest sampling factors.</summary>
    public (int Horizontal, int Vertical) Sampling { get; private set; } = (1, 1);

    /// <summary>Where the sampling factors of the first component stand.</summary>
    public int SamplingOffset { get; private set; }

    /// <summary>Height and width in minimum coded units of an interleaved scan.</summary>
    public (int Rows, int Columns) Units { get; private set; }

    /// <summary>Blocks of 8 × 8 samples that JpegLibrary writes: every component at full size.</summary>
    public readonly long BlockCount => IsProgressive
        ? (long)Units.Rows * Units.Columns
        : (long)Units.Rows * Units.Columns * Sampling.Horizontal * Sampling.Vertical * Components;

    /// <summary>Scans.</summary>
    public readonly int ScanCount => _scans;

    /// <summary>Units between restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>First byte behind the entropy-coded bytes of the last scan.</summary>
    public int LastScanEnd { get; private set; }

    /// <summary>No marker stands behind the last scan.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The SOF marker's second byte, which tells the JPEG process; 0 where none is found.</summary>
    /// <remarks>Files whose transfer syntax names another process than their stream are common, so the stream decides.</remarks>
    public static byte FrameMarker(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 4 || frame[0] != 0xFF || frame[1] != 0xD8) return 0;
        var at = 2;
        for (var segments = 0; segments < MaxSegments && at + 4 <= frame.Length && frame[at] == 0xFF; segments++)
        {
            var marker = frame[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) or 0xF7) return marker; // F7: JPEG-LS
            if (marker is 0xDA or 0xD9) return 0;
            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 2)..]);
        }

        return 0;
    }

    /// <summary>Walks a stream.</summary>
    /// <param name="frame">From its start of image.</param>
    /// <param name="description">What the header says, which the stream must agree with.</param>
    /// <param name="lowBit">Scratch of <see cref="ScratchLength"/>.</param>
    /// <param name="outline">What was found; whole on success only.</param>
    public static CodecResult Read(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<sbyte> lowBit, out JpegOutline outline)
    {
        outline = new(frame, lowBit[..ScratchLength]);
        return outline.Walk(description);
    }

    /// <summary>Bytes of scratch that a walk needs.</summary>
    public const int ScratchLength = BlockSize;

    private CodecResult Walk(in ImagePixelDescription description)
    {
        if (_frame.Length < 2) return CodecResult.Truncated(_frame.Length);
        if (_frame[0] != 0xFF || _frame[1] != 0xD8) return CodecResult.Corrupt(0, "no start of image");

        var at = 2;
        for (var segments = 0; ; segments++)
        {
            if (segments == MaxSegments) return CodecResult.Corrupt(at, "more marker segments than the limit");
            while (at + 1 < _frame.Length && _frame[at] == 0xFF && _frame[at + 1] == 0xFF) at++; // fill bytes
            if (at + 2 > _frame.Length) return IsComplete() ? End(isOpen: true) : CodecResult.Truncated(_frame.Length);

            // Behind a whole picture, what is no marker is padding.
            if (_frame[at] != 0xFF) return IsComplete() ? End(isOpen: true) : CodecResult.Corrupt(at, "a marker was expected");
            var marker = _frame[at + 1];
            if (marker == 0xD9)
            {
                return IsComplete() ? End(isOpen: false)
                    : IsProgressive && _scans > 0 ? CodecResult.Corrupt(at, "the image ends before its last progressive scan")
                    : CodecResult.Corrupt(at, "the image ends before its last scan");
            }

            if (marker is 0x00 or 0x01 or >= 0xD0 and <= 0xD8) return CodecResult.Corrupt(at, "a marker out of place");
            if (at + 4 > _frame.Length) return CodecResult.Truncated(_frame.Length);
            var length = BinaryPrimitives.ReadUInt16BigEndian(_frame[(at + 2)..]);
            if (length < 2) return CodecResult.Corrupt(at, "length of a marker segment");
            var start = at + 4;
            at += 2 + length;
            if (at > _frame.Length) return CodecResult.Truncated(_frame.Length);
            var segment = _frame[start..at];

            Reason reason = Reason.CorruptPixelData;
            string? fault = null;
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    (reason, fault) = ReadFrame(segment, start, marker, description);
                    break;
                case 0xC4:
                    fault = CheckHuffman(segment);
                    break;
                case 0xDB:
                    fault = ReadQuantization(segment);
                    break;
                case 0xDD:
                    if (segment.Length != 2) fault = "restart interval";
                    else fault = SetRestartInterval(BinaryPrimitives.ReadUInt16BigEndian(segment));
                    break;
                case 0xDA:
                    fault = ReadScan(segment, out var units);
                    if (fault is null && !TryPassEntropyCoded(ref at, units, out var result)) return result;
                    break;
                case >= 0xC0 and <= 0xCF and not (0xC8 or 0xCC):
                    fault = "another JPEG process than sequential or progressive Huffman";
                    break;
            }

            if (fault is not null) return new(reason, start, fault);
        }
    }

    private CodecResult End(bool isOpen)
    {
        IsOpen = isOpen;
        return default;
    }

    /// <summary>Every component in a scan; of a progressive picture, every coefficient down to its last bit.</summary>
    private readonly bool IsComplete()
    {
        if (Components == 0) return false;
        return IsProgressive
            ? !_lowBit.ContainsAnyExcept((sbyte)0)
            : _isSequentialDone == (1 << Components) - 1;
    }

    private (Reason, string?) ReadFrame(ReadOnlySpan<byte> segment, int start, byte marker, in ImagePixelDescription description)
    {
        const Reason corrupt = Reason.CorruptPixelData;
        if (Components != 0) return (corrupt, "a second frame header");
        if (segment.Length < 6 || segment.Length != 6 + 3 * segment[5]) return (corrupt, "frame header");
        var (precision, components) = (segment[0], segment[5]);
        if (precision is not (8 or 12) || marker == 0xC0 && precision != 8) return (corrupt, "precision");
        if (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]) != description.Rows
            || BinaryPrimitives.ReadUInt16BigEndian(segment[3..]) != description.Columns)
        {
            return (corrupt, "rows or columns disagree with the header");
        }

        if (components != description.SamplesPerPixel) return (corrupt, "components disagree with the header");
        if (description.BitsAllocated is not (8 or 16) || precision > description.BitsAllocated)
            return (corrupt, "precision disagrees with the header");
        if (marker == 0xC2 && description.SampleCount > MaxProgressiveSamples) return (Reason.TooLarge, "progressive JPEG");

        // JpegLibrary ends such a picture with the components of its last scan only.
        if (marker == 0xC2 && components > 1) return (Reason.UnsupportedPixelFormat, "progressive JPEG in colour");

        int horizontal = 1, vertical = 1;
        for (var i = 0; i < components; i++)
        {
            // A picture of one component has units of one block, whatever its factors say (T.81 A.2.2).
            var (h, v) = components == 1 ? (1, 1) : (segment[7 + 3 * i] >> 4, segment[7 + 3 * i] & 15);
            if (h is not (1 or 2 or 4) || v is not (1 or 2 or 4)) return (corrupt, "sampling factors");
            if (segment[8 + 3 * i] > 3) return (corrupt, "quantization table");
            _identifiers |= (uint)segment[6 + 3 * i] << 8 * i;
            _quantization |= (uint)segment[8 + 3 * i] << 8 * i;
            (horizontal, vertical) = (Math.Max(horizontal, h), Math.Max(vertical, v));
            for (var j = 0; j < i; j++)
                if (segment[6 + 3 * j] == segment[6 + 3 * i]) return (corrupt, "two components of one name");
        }

        (Precision, Components, IsProgressive, Sampling, SamplingOffset) =
            (precision, components, marker == 0xC2, (horizontal, vertical), start + 7);
        Units = (Blocks(description.Rows, vertical), Blocks(description.Columns, horizontal));
        return default;
    }

    private static int Blocks(int samples, int factor) => (samples + 8 * factor - 1) / (8 * factor);

    /// <summary>Codes that fit, and none that a stream which has run dry would seem to hold.</summary>
    /// <remarks>Behind the last byte JpegLibrary reads ones. That is no code of a table as T.81 C wants it, and decoding stops with an
    /// error. A table of some encoders uses it nonetheless; that is harmless where bits must follow, for there are none. Where
    /// none need follow (end of block, no difference), a cut picture would be filled up in silence.</remarks>
    private static string? CheckHuffman(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            if (segment.Length < 17 || segment[0] >> 4 > 1 || (segment[0] & 15) > 3) return "Huffman table";
            int symbols = 0, code = 0;
            for (var length = 1; length <= 16; length++, code <<= 1)
            {
                symbols += segment[length];
                code += segment[length];
                if (code > 1 << length) return "Huffman table";
            }

            if (symbols is 0 or > 256 || segment.Length < 17 + symbols) return "Huffman table";
            var values = segment.Slice(17, symbols);
            var isDc = segment[0] >> 4 == 0;
            if (isDc && values.ContainsAnyInRange((byte)17, (byte)255)) return "category of a difference";
            if (code == 1 << 17 && (values[^1] & (isDc ? 0xFF : 0x0F)) == 0) return "a Huffman table that uses the code of ones";
            segment = segment[(17 + symbols)..];
        }

        return null;
    }

    private string? ReadQuantization(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var bytes = 1 + BlockSize * (1 + (segment[0] >> 4));
            if (segment[0] >> 4 > 1 || (segment[0] & 15) > 3 || segment.Length < bytes) return "quantization table";
            _hasQuantization |= 1 << (segment[0] & 15);
            segment = segment[bytes..];
        }

        return null;
    }

    private string? SetRestartInterval(int interval)
    {
        // JpegLibrary takes the one of the whole stream.
        if (_scans > 0 && interval != RestartInterval) return "restart intervals that differ";
        RestartInterval = interval;
        return null;
    }

    /// <param name="segment">The scan header.</param>
    /// <param name="units">Minimum coded units of the scan.</param>
    private string? ReadScan(ReadOnlySpan<byte> segment, out long units)
    {
        units = 0;
        if (Components == 0) return "a scan before its frame header";
        if (++_scans > MaxScans) return "more scans than the limit";
        if (segment.Length < 1 || segment[0] is 0 or > MaxComponents || segment.Length != 4 + 2 * segment[0]) return "scan header";
        var count = segment[0];
        var (first, last) = (segment[1 + 2 * count], segment[2 + 2 * count]);
        var (high, low) = (segment[3 + 2 * count] >> 4, segment[3 + 2 * count] & 15);
        if (IsProgressive)
        {
            if (last >= BlockSize || first > last || first == 0 && last != 0 || first > 0 && count > 1) return "spectral selection";
            if (low > 13 || high != 0 && high != low + 1) return "successive approximation";
        }

        units = (long)Units.Rows * Units.Columns;
        for (var i = 0; i < count; i++)
        {
            var (identifier, tables) = (segment[1 + 2 * i], segment[2 + 2 * i]);
            var component = 0;
            while (component < Components && (byte)(_identifiers >> 8 * component) != identifier) component++;
            if (component == Components || tables >> 4 > 3 || (tables & 15) > 3) return "component of a scan";
            if ((_hasQuantization >> (int)(_quantization >> 8 * component & 0xFF) & 1) == 0) return "quantization table";
            if (!IsProgressive)
            {
                if ((_isSequentialDone >> component & 1) != 0) return "a component in two scans";
                _isSequentialDone |= 1 << component;

                // A scan of one component counts its own blocks, which JpegLibrary does only where all components are of one size.
                if (count == 1 && Sampling != (1, 1)) return "a scan of one component of a subsampled picture";
                continue;
            }

            if (first > 0 && _lowBit[0] == NotCoded) return "coefficients before their mean";
            foreach (ref var coded in _lowBit[first..(last + 1)])
            {
                if (coded != (high == 0 ? NotCoded : high)) return "successive approximation";
                coded = (sbyte)low;
            }
        }

        return null;
    }

    /// <summary>Moves behind the entropy-coded bytes of a scan; counts its restart markers on the way.</summary>
    /// <remarks>A scan with too few of them would be given up by JpegLibrary in the middle, without a word.</remarks>
    private bool TryPassEntropyCoded(ref int at, long units, out CodecResult result)
    {
        result = default;
        long restarts = 0;
        while (true)
        {
            var next = _frame[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= _frame.Length)
            {
                at = _frame.Length;
                break;
            }

            at += next;
            var marker = _frame[at + 1];
            if (marker is 0x00 or 0xFF)
            {
                at += marker == 0 ? 2 : 1;
                continue;
            }

            if (marker is < 0xD0 or > 0xD7) break;
            if (RestartInterval == 0 || marker != 0xD0 + (restarts & 7))
            {
                result = CodecResult.Corrupt(at, "a restart marker out of place");
                return false;
            }

            restarts++;
            at += 2;
        }

        LastScanEnd = at;
        if (RestartInterval == 0 || restarts >= (units - 1) / RestartInterval) return true;
        result = at == _frame.Length ? CodecResult.Truncated(at) : CodecResult.Corrupt(at, "the scan ends before its last restart interval");
        return false;
    }
}
