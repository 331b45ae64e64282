using System.Buffers.Binary;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>What lies where in a seed: elements and items, fragments, marker segments of the codestreams in them.</summary>
/// <remarks>Written apart from the reader that is fuzzed, and only for files that are mostly right: where it does not understand a
/// seed it stops, and what follows is bytes.</remarks>
internal sealed class SeedMap
{
    private const int MaxParts = 20_000;

    private static readonly string[] LongForms = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];

    private readonly byte[] _file;

    public SeedMap(byte[] file)
    {
        _file = file;
        HasPreamble = file.Length > 132 && file.AsSpan(128, 4).SequenceEqual("DICM"u8);
        var at = Walk(HasPreamble ? 132 : 0, file.Length, 0, group2: true);
        DataSetAt = at;
        if (DataSetAt < file.Length) Walk(at, file.Length, 0, group2: false);
        foreach (var part in Parts)
            if (part is { Tag: SeedPart.Pixels, Depth: 0 }) PixelData = part;
        if (PixelData is { } pixels && IsEncapsulated) WalkFragments(pixels.ValueAt);
        foreach (var fragment in Fragments) CodestreamMap.AddSpots(file, fragment.ValueAt, fragment.End, TransferSyntax, Spots);
    }

    public bool HasPreamble { get; }

    public string TransferSyntax { get; private set; } = "";

    /// <summary>First byte behind the file meta information.</summary>
    public int DataSetAt { get; }

    public List<SeedPart> Parts { get; } = [];

    /// <summary>Pixel Data of the top level.</summary>
    public SeedPart? PixelData { get; }

    public bool IsEncapsulated => PixelData is { } pixels && pixels.LengthBytes == 4
        && BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(pixels.LengthAt)) == uint.MaxValue;

    /// <summary>The offset table first, then the fragments.</summary>
    public List<SeedPart> Items { get; } = [];

    /// <summary>Items behind the offset table.</summary>
    public IEnumerable<SeedPart> Fragments => Items.Skip(1);

    /// <summary>Marker segments, headers and entropy-coded stretches of the codestreams.</summary>
    public List<CodestreamSpot> Spots { get; } = [];

    /// <summary>First byte behind the pixel data's last fragment and delimiter, or its value.</summary>
    public int PixelsEnd { get; private set; }

    /// <summary>What an edit can change at most.</summary>
    public EditScope ScopeOf(Edit edit)
    {
        if (PixelData is not { } pixels) return EditScope.Anything;
        if (edit.At >= PixelsEnd) return EditScope.Harmless;
        if (edit.At >= pixels.ValueAt)
        {
            if (!edit.KeepsLength || edit.End > PixelsEnd) return EditScope.Anything;
            if (!IsEncapsulated) return EditScope.NativePixels;
            foreach (var item in Items)
            {
                if (edit.At < item.ValueAt || edit.End > item.End) continue;
                return item == Items[0] ? EditScope.OffsetTable : EditScope.Codestream;
            }

            return EditScope.Anything;
        }

        // Without a preamble the first elements tell what the file is; group 28 and its like tell what the pixels are.
        if (!HasPreamble || edit.At <= DataSetAt) return EditScope.Anything;
        var isTable = false;
        foreach (var part in Parts)
        {
            if (!part.IsLeaf || edit.At < part.Start || edit.End > part.End) continue;
            isTable = part.Tag is 0x7FE00001 or 0x7FE00002;
            if (part.Group is 0x0002 or 0x0028 or 0x5200 or 0xFFFE) return EditScope.Anything;
            if (part.Group == 0x7FE0 && !isTable) return EditScope.Anything;
            if (edit.KeepsLength && edit.At >= part.ValueAt) return isTable ? EditScope.OffsetTable : EditScope.Harmless;
            var isWhole = edit.At == part.Start && edit.End == part.End && edit.Inserted.IsEmpty && part.Depth == 0;
            return isWhole && !isTable ? EditScope.Harmless : EditScope.Anything;
        }

        return EditScope.Anything;
    }

    private int Walk(int at, int end, int depth, bool group2)
    {
        var isBig = !group2 && TransferSyntax == "1.2.840.10008.1.2.2";
        while (end - at >= 8 && Parts.Count < MaxParts)
        {
            var tag = ReadTag(at, isBig);
            if (group2 && tag >> 16 != 2 || !group2 && depth == 0 && tag >> 16 == 0xFFFE) return at;

            var start = at;
            ushort vr = 0;
            int lengthAt, lengthBytes;
            if (tag >> 16 != 0xFFFE && IsLetter(_file[at + 4]) && IsLetter(_file[at + 5]))
            {
                vr = BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at + 4));
                var isLong = LongForms.Contains($"{(char)_file[at + 4]}{(char)_file[at + 5]}");
                if (isLong && end - at < 12) return at;
                (lengthAt, lengthBytes, at) = isLong ? (at + 8, 4, at + 12) : (at + 6, 2, at + 8);
            }
            else
            {
                (lengthAt, lengthBytes, at) = (at + 4, 4, at + 8);
            }

            var length = lengthBytes == 2 ? ReadUInt16(lengthAt, isBig) : ReadUInt32(lengthAt, isBig);
            var isDelimiter = tag is SeedPart.ItemEnd or SeedPart.SequenceEnd;
            var isUndefined = length == uint.MaxValue && !isDelimiter;
            var place = Parts.Count;
            var isParent = tag == SeedPart.Item || vr == ('S' << 8 | 'Q') || isUndefined;
            Parts.Add(default);
            if (tag == SeedPart.Pixels && depth == 0)
            {
                var valueEnd = isUndefined ? end : (int)Math.Min(end, at + (long)length);
                Parts[place] = new(start, lengthAt, lengthBytes, at, valueEnd, tag, vr, depth, true, isBig);
                PixelsEnd = valueEnd;
                at = valueEnd;
                continue;
            }

            if (!isUndefined && at + (long)length > end)
            {
                Parts.RemoveAt(place);
                return start;
            }

            var valueAt = at;
            if (isParent && depth < 60)
            {
                at = Walk(at, isUndefined ? end : at + (int)length, depth + 1, group2);
                if (!isUndefined) at = valueAt + (int)length;
            }
            else if (isUndefined)
            {
                Parts.RemoveAt(place);
                return start;
            }
            else if (!isDelimiter)
            {
                at += (int)length;
            }

            Parts[place] = new(start, lengthAt, lengthBytes, valueAt, at, tag, vr, depth, !isParent, isBig);
            if (tag == 0x00020010) TransferSyntax = System.Text.Encoding.Latin1.GetString(_file, valueAt, (int)length).TrimEnd('\0', ' ');
            if (isDelimiter && depth > 0) return at;
        }

        return at;
    }

    private void WalkFragments(int at)
    {
        while (_file.Length - at >= 8)
        {
            var tag = ReadTag(at, false);
            var length = ReadUInt32(at + 4, false);
            PixelsEnd = at;
            if (tag == SeedPart.SequenceEnd) PixelsEnd = at + 8;
            if (tag != SeedPart.Item || length > _file.Length - at - 8) return;
            Items.Add(new(at, at + 4, 4, at + 8, at + 8 + (int)length, tag, 0, 1, true, false));
            at += 8 + (int)length;
            PixelsEnd = at;
        }
    }

    private static bool IsLetter(byte value) => value is >= (byte)'A' and <= (byte)'Z';

    private uint ReadTag(int at, bool isBig) => (uint)ReadUInt16(at, isBig) << 16 | ReadUInt16(at + 2, isBig);

    private ushort ReadUInt16(int at, bool isBig) => isBig
        ? BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at))
        : BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(at));

    private uint ReadUInt32(int at, bool isBig) => isBig
        ? BinaryPrimitives.ReadUInt32BigEndian(_file.AsSpan(at))
        : BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(at));
}
