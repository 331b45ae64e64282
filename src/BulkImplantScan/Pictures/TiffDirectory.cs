using System.Buffers.Binary;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>One page of a TIFF file: what its image file directory says of it (TIFF 6.0, 1992, and its Supplement 2).</summary>
internal sealed class TiffDirectory
{
    private const int MaxEntries = 4096, EntryBytes = 12;
    private const ushort LittleEndian = 0x4949, BigEndian = 0x4D4D;

    private readonly Dictionary<int, TiffField> _fields = [];
    private bool _isCut; // the values of a tag that decoding needs lie behind the end of the file

    private TiffDirectory(bool isBigEndian)
    {
        IsBigEndian = isBigEndian;
    }

    /// <summary>Byte order of the file.</summary>
    public bool IsBigEndian { get; }

    /// <summary>Height as stored.</summary>
    public int Rows { get; private set; }

    /// <summary>Width as stored.</summary>
    public int Columns { get; private set; }

    /// <summary>Bits of each sample.</summary>
    public int Bits { get; private set; }

    /// <summary>Samples of a pixel, those of alpha and other extras included.</summary>
    public int Samples { get; private set; }

    /// <summary>PhotometricInterpretation: 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 6 YCbCr.</summary>
    public int Photometric { get; private set; }

    /// <summary>Compression: 1 none, 5 LZW, 7 JPEG, 8 and 32946 deflate, 32773 PackBits.</summary>
    public int Compression { get; private set; }

    /// <summary>2 when the difference to the left neighbour is stored.</summary>
    public int Predictor { get; private set; }

    /// <summary>Planes apart.</summary>
    public bool IsSeparate { get; private set; }

    /// <summary>Samples are signed.</summary>
    public bool IsSigned { get; private set; }

    /// <summary>Kind of the first sample that is no colour: 1 associated alpha, 2 alpha, 0 anything else or none.</summary>
    public int Extra { get; private set; }

    /// <summary>1 to 8.</summary>
    public int Turned { get; private set; } = 1;

    /// <summary>Samples of a pixel that are colour: 1 or 3.</summary>
    public int Colours => Photometric is 2 or 6 ? 3 : 1;

    /// <summary>Reads all pages, at most one more than <paramref name="limit"/>.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limit">Pages wanted.</param>
    /// <param name="headers">A header for each page is added; where the chain breaks, one with the reason is the last.</param>
    /// <param name="wanted">Page that is returned, from 1; 0 for none.</param>
    /// <returns>That page when it could be read.</returns>
    public static TiffDirectory? Read(in PictureBytes bytes, int limit, List<PictureHeader> headers, int wanted)
    {
        TiffDirectory? found = null;
        if (!TryStart(bytes, out var isBigEndian, out var next))
        {
            headers.Add(PictureHeader.Failed(Reason.MalformedDataSet, "header", 0));
            return null;
        }

        var seen = new HashSet<long>();
        while (next != 0 && headers.Count <= limit)
        {
            if (!seen.Add(next))
            {
                headers.Add(PictureHeader.Failed(Reason.MalformedDataSet, "pages in a circle", next));
                break;
            }

            var page = new TiffDirectory(isBigEndian);
            var at = next;
            if (!page.TryReadFields(bytes, at, out next, out var fault))
            {
                headers.Add(fault);
                break;
            }

            var header = page.Describe(bytes, at);
            headers.Add(header);
            if (headers.Count == wanted && header.Reason == Reason.None) found = page;
        }

        if (headers.Count == 0) headers.Add(PictureHeader.Failed(Reason.MalformedDataSet, "no page", 4));
        return found;
    }

    /// <summary>Orientation alone, as EXIF has it in a directory of this kind; 1 when it is not told.</summary>
    public static int Orientation(in PictureBytes bytes)
    {
        if (!TryStart(bytes, out var isBigEndian, out var next)) return 1;
        var page = new TiffDirectory(isBigEndian);
        page.TryReadFields(bytes, next, out _, out _);
        return page.TryValue(bytes, 274, 0, out var value) && value is >= 1 and <= 8 ? (int)value : 1;
    }

    /// <summary>The entry of a tag.</summary>
    public bool TryField(int tag, out TiffField field) => _fields.TryGetValue(tag, out field);

    /// <summary>A value that is a BYTE, SHORT or LONG.</summary>
    public bool TryValue(in PictureBytes bytes, int tag, uint index, out uint value)
    {
        value = 0;
        if (!_fields.TryGetValue(tag, out var field) || index >= field.Count) return false;
        Span<byte> raw = stackalloc byte[4];
        var size = TiffField.BytesOf(field.Type);
        if (field.Type is not (1 or 3 or 4) || !bytes.TryRead(field.Offset + (long)index * size, raw[..size])) return false;
        value = size switch { 1 => raw[0], 2 => Word(raw, IsBigEndian), _ => Long(raw, IsBigEndian) };
        return true;
    }

    private static bool TryStart(in PictureBytes bytes, out bool isBigEndian, out long first)
    {
        Span<byte> head = stackalloc byte[8];
        (isBigEndian, first) = (false, 0);
        if (!bytes.TryRead(0, head)) return false;
        var order = BinaryPrimitives.ReadUInt16LittleEndian(head);
        isBigEndian = order == BigEndian;
        if (order is not (LittleEndian or BigEndian) || Word(head[2..], isBigEndian) != 42) return false;
        first = Long(head[4..], isBigEndian);
        return true;
    }

    private bool TryReadFields(in PictureBytes bytes, long at, out long next, out PictureHeader fault)
    {
        (next, fault) = (0, default);
        Span<byte> entry = stackalloc byte[EntryBytes];
        if (!bytes.TryRead(at, entry[..2]))
        {
            fault = PictureHeader.Failed(Reason.TruncatedPixelData, null, bytes.Length);
            return false;
        }

        var count = Word(entry, IsBigEndian);
        if (count is 0 or > MaxEntries)
        {
            fault = PictureHeader.Failed(Reason.MalformedDataSet, "directory", at);
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            var place = at + 2 + (long)i * EntryBytes;
            if (!bytes.TryRead(place, entry))
            {
                fault = PictureHeader.Failed(Reason.TruncatedPixelData, null, bytes.Length);
                return false;
            }

            var (tag, type, values) = (Word(entry, IsBigEndian), Word(entry[2..], IsBigEndian), Long(entry[4..], IsBigEndian));
            var size = (long)values * TiffField.BytesOf(type);
            var offset = size <= 4 ? place + 8 : Long(entry[8..], IsBigEndian);

            // A description that breaks off is not missed, but pixels cannot be told without these.
            if (size > 0 && offset + size <= bytes.Length) _fields.TryAdd(tag, new(tag, type, values, offset));
            else if (tag is 258 or 273 or 279 or 320 or 324 or 325 or 338 or 339 or 347) _isCut = true;
        }

        if (bytes.TryRead(at + 2 + (long)count * EntryBytes, entry[..4])) next = Long(entry, IsBigEndian);
        return true;
    }

    /// <summary>Takes what decoding needs out of the entries, and says what does not suit.</summary>
    private PictureHeader Describe(in PictureBytes bytes, long at)
    {
        if (_isCut) return PictureHeader.Failed(Reason.TruncatedPixelData, null, bytes.Length);
        if (!TryValue(bytes, 256, 0, out var columns) || columns is 0 or > int.MaxValue)
            return PictureHeader.Failed(Reason.MalformedDataSet, "ImageWidth", at);
        if (!TryValue(bytes, 257, 0, out var rows) || rows is 0 or > int.MaxValue)
            return PictureHeader.Failed(Reason.MalformedDataSet, "ImageLength", at);
        if (!TryValue(bytes, 262, 0, out var photometric)) return PictureHeader.Failed(Reason.MalformedDataSet, "PhotometricInterpretation", at);
        (Rows, Columns, Photometric) = ((int)rows, (int)columns, (int)Math.Min(photometric, ushort.MaxValue));
        Samples = (int)Math.Min(ValueOr(bytes, 277, 1), ushort.MaxValue);
        Bits = (int)Math.Min(ValueOr(bytes, 258, 1), ushort.MaxValue);
        Compression = (int)Math.Min(ValueOr(bytes, 259, 1), ushort.MaxValue);
        Predictor = (int)Math.Min(ValueOr(bytes, 317, 1), ushort.MaxValue);
        IsSeparate = ValueOr(bytes, 284, 1) == 2 && Samples > 1;
        IsSigned = ValueOr(bytes, 339, 1) == 2;
        Extra = (int)ValueOr(bytes, 338, 0);
        Turned = ValueOr(bytes, 274, 1) is var turned and >= 1 and <= 8 ? (int)turned : 1;

        var isTransposed = Pictures.Orientation.IsTransposed(Turned);
        var header = new PictureHeader
        {
            Rows = isTransposed ? Columns : Rows,
            Columns = isTransposed ? Rows : Columns,
            BitsStored = Photometric == 3 ? 8 : Bits,
            Photometric = Photometric switch { 0 => "MONOCHROME1", 1 => "MONOCHROME2", 3 => "PALETTE COLOR", 6 => "YBR_FULL", _ => "RGB" },
            IsReduced = (ValueOr(bytes, 254, 0) & 5) != 0, // a smaller version of another page, or its mask
        };
        return Unsupported(bytes) is { } what
            ? header with { Reason = Reason.UnsupportedPixelFormat, Detail = what, FileOffset = at }
            : header.Checked(Photometric == 6 ? 1 : Photometric == 3 ? 3 : Colours);
    }

    /// <summary>Name of the tag whose value is none that is decoded; null when all suit.</summary>
    private string? Unsupported(in PictureBytes bytes)
    {
        if (Photometric is not (0 or 1 or 2 or 3 or 6) || Photometric == 6 && Compression != 7) return "PhotometricInterpretation";
        if (Compression is not (1 or 5 or 7 or 8 or 32946 or 32773)) return "Compression";
        if (Samples < Colours || Samples > Colours + 1 || Photometric == 3 && Samples != 1) return "SamplesPerPixel";
        for (var i = 1u; i < Samples; i++)
            if (TryValue(bytes, 258, i, out var bits) && bits != Bits) return "BitsPerSample";
        if (Bits is not (1 or 2 or 4 or 8 or 16) || Bits < 8 && Samples > 1 || Photometric == 3 && Bits == 16) return "BitsPerSample";
        var format = ValueOr(bytes, 339, 1);
        if (format is not (1 or 2 or 4) || IsSigned && (Bits < 8 || Samples > 1 || Photometric == 3)) return "SampleFormat";
        if (Predictor is not (1 or 2) || Predictor == 2 && Bits < 8) return "Predictor";
        if (ValueOr(bytes, 266, 1) != 1) return "FillOrder";
        if (Compression == 7 && (Bits != 8 || IsSeparate || Samples != Colours || IsSigned)) return "Compression";
        if (IsSeparate && Extra == 2 && Samples > Colours) return "PlanarConfiguration";
        return Photometric == 0 && Samples > 1 ? "ExtraSamples" : null;
    }

    private uint ValueOr(in PictureBytes bytes, int tag, uint otherwise) => TryValue(bytes, tag, 0, out var value) ? value : otherwise;

    private static ushort Word(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint Long(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
