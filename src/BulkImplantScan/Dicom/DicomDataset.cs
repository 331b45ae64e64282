using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace BulkImplantScan.Dicom;

/// <summary>Where the elements of one data set lie that the engine reads (<see cref="DicomTags"/>), at its top level.</summary>
/// <remarks>Holds places, not values: each getter is given the bytes that were parsed and reads there, so that a header costs
/// no allocation for what nobody asks. Getters never throw on what a file holds: text that is no number, a value too short and
/// an absent element all give null. Reusable (<see cref="Clear"/>); not for several threads at once.</remarks>
public sealed class DicomDataset
{
    private const int MaxTextBytes = 1024;
    private const int MaxValues = 1024;

    private static ReadOnlySpan<byte> Padding => "\0 \t\r\n"u8;

    private readonly DicomElement[] _elements = new DicomElement[DicomTags.KeptCount];
    private readonly bool[] _isPresent = new bool[DicomTags.KeptCount];
    private SpecificCharacterSet? _characterSet;

    /// <summary>Transfer Syntax UID (0002,0010), or the one that the first elements speak of; null when neither is known.</summary>
    public string? TransferSyntax { get; internal set; }

    /// <summary>The file does not say its transfer syntax: it was deduced.</summary>
    public bool IsTransferSyntaxDeduced { get; internal set; }

    /// <summary>Numbers in the data set (not in the file meta information) have their most significant byte first.</summary>
    public bool IsBigEndian { get; internal set; }

    /// <summary>Headers in the data set carry their value representation.</summary>
    public bool IsExplicit { get; internal set; }

    /// <summary>First byte of the data set, behind preamble and file meta information.</summary>
    public int DataSetOffset { get; internal set; }

    /// <summary>Pixel Data, Float Pixel Data or Double Float Pixel Data: the value; null when the data set has none.</summary>
    /// <remarks>Its length is what the header says: the file may end before.</remarks>
    public DicomElement? PixelData { get; internal set; }

    /// <summary>Media Storage Directory: a list of files.</summary>
    public bool IsDicomdir { get; internal set; }

    /// <summary>Of an item: the character set of the data set around it, which holds unless the item has its own (PS3.5 §7.5.3).</summary>
    internal SpecificCharacterSet? InheritedCharacterSet { get; set; }

    /// <summary>Forgets everything, for the next file.</summary>
    public void Clear()
    {
        Array.Clear(_isPresent);
        (_characterSet, InheritedCharacterSet) = (null, null);
        (TransferSyntax, IsTransferSyntaxDeduced, IsBigEndian, IsExplicit) = (null, false, false, false);
        (DataSetOffset, PixelData, IsDicomdir) = (0, null, false);
    }

    /// <summary>The element is there, be it empty.</summary>
    public bool Contains(DicomTag tag) => _isPresent[Slot(tag)];

    /// <summary>Where the element lies; null when absent.</summary>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is not one of <see cref="DicomTags"/>.</exception>
    public DicomElement? Find(DicomTag tag)
    {
        var slot = Slot(tag);
        return _isPresent[slot] ? _elements[slot] : null;
    }

    /// <summary>First value as text, without padding; null when absent, empty or longer than 1024 bytes. Text (SH, LO, ST, LT, UC,
    /// UT, PN) by the data set's character set, other representations as Latin-1, which holds ASCII.</summary>
    public string? GetString(ReadOnlySpan<byte> file, DicomTag tag)
    {
        if (IsText(Slot(tag))) return GetText(file, tag);
        var text = FirstText(file, tag);
        return text.IsEmpty ? null : Encoding.Latin1.GetString(text);
    }

    /// <summary>First value by the data set's character set, whatever its representation: for code strings (CS), in which consoles
    /// write words of their country.</summary>
    /// <returns>Null when absent, empty or longer than 1024 bytes.</returns>
    public string? GetText(ReadOnlySpan<byte> file, DicomTag tag)
    {
        var value = Value(file, tag);
        if (value.IsEmpty) return null;
        var characters = CharacterSet(file);
        if (!ValueRepresentation.IsOneText(VrOf(Slot(tag)))) value = value[..characters.EndOfValue(value)];
        value = value.Trim(Padding);
        return value.Length is 0 or > MaxTextBytes ? null : characters.Decode(value);
    }

    /// <summary>All values as text, as <see cref="GetString"/> reads them, at most 1024; empty when absent.</summary>
    public string[] GetStrings(ReadOnlySpan<byte> file, DicomTag tag)
    {
        var text = Value(file, tag);
        if (text.IsEmpty || text.Length > MaxTextBytes * 16) return [];
        if (IsText(Slot(tag))) return Texts(text, CharacterSet(file), ValueRepresentation.IsOneText(VrOf(Slot(tag))));
        var values = new string[Math.Min(MaxValues, text.Count((byte)'\\') + 1)];
        for (var i = 0; i < values.Length; i++) values[i] = Encoding.Latin1.GetString(NextText(ref text));
        return values;
    }

    /// <summary>Specific Character Set (0008,0005) of the data set, or the one that it inherits.</summary>
    internal SpecificCharacterSet CharacterSet(ReadOnlySpan<byte> file) => _characterSet ??=
        Contains(DicomTags.SpecificCharacterSet) || InheritedCharacterSet is null
            ? SpecificCharacterSet.Parse(Value(file, DicomTags.SpecificCharacterSet))
            : InheritedCharacterSet;

    /// <summary>First value as a whole number (binary, IS, or DS without a fraction); null when it is none.</summary>
    public int? GetInt32(ReadOnlySpan<byte> file, DicomTag tag)
    {
        var number = GetDouble(file, tag);
        return number is >= int.MinValue and <= int.MaxValue && Math.Floor(number.Value) == number.Value ? (int)number.Value : null;
    }

    /// <summary>First value as a finite number (binary, IS or DS); null when it is none.</summary>
    public double? GetDouble(ReadOnlySpan<byte> file, DicomTag tag)
    {
        var slot = Slot(tag);
        if (!_isPresent[slot]) return null;
        var value = Value(file, tag);
        var big = IsBigEndian && tag.Group != 2;
        switch (VrOf(slot))
        {
            case ValueRepresentation.US when value.Length >= 2:
                return big ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt16LittleEndian(value);
            case ValueRepresentation.SS when value.Length >= 2:
                return big ? BinaryPrimitives.ReadInt16BigEndian(value) : BinaryPrimitives.ReadInt16LittleEndian(value);
            case ValueRepresentation.UL when value.Length >= 4:
                return big ? BinaryPrimitives.ReadUInt32BigEndian(value) : BinaryPrimitives.ReadUInt32LittleEndian(value);
            case ValueRepresentation.SL when value.Length >= 4:
                return big ? BinaryPrimitives.ReadInt32BigEndian(value) : BinaryPrimitives.ReadInt32LittleEndian(value);
            case ValueRepresentation.FL when value.Length >= 4:
                return Finite(big ? BinaryPrimitives.ReadSingleBigEndian(value) : BinaryPrimitives.ReadSingleLittleEndian(value));
            case ValueRepresentation.FD when value.Length >= 8:
                return Finite(big ? BinaryPrimitives.ReadDoubleBigEndian(value) : BinaryPrimitives.ReadDoubleLittleEndian(value));
            case ValueRepresentation.US or ValueRepresentation.SS or ValueRepresentation.UL or ValueRepresentation.SL
                or ValueRepresentation.FL or ValueRepresentation.FD:
                return null;
            default:
                return ParseDecimal(FirstText(file, tag));
        }
    }

    /// <summary>All values of a DS or IS, at most 1024, up to the first that is no finite number; empty when absent.</summary>
    public double[] GetDoubles(ReadOnlySpan<byte> file, DicomTag tag)
    {
        var text = Value(file, tag);
        if (text.IsEmpty || text.Length > MaxTextBytes * 16) return [];
        var values = new double[Math.Min(MaxValues, text.Count((byte)'\\') + 1)];
        for (var i = 0; i < values.Length; i++)
        {
            if (ParseDecimal(NextText(ref text)) is not { } value) return values[..i];
            values[i] = value;
        }

        return values;
    }

    /// <summary>The Image Pixel module, absent values as its documentation says.</summary>
    public ImagePixelDescription DescribePixels(ReadOnlySpan<byte> file)
    {
        var isFloatingPoint = PixelData is { } element && element.Tag != DicomTags.PixelData;
        var bitsAllocated = isFloatingPoint
            ? PixelData!.Value.Tag == DicomTags.FloatPixelData ? 32 : 64
            : Number(file, DicomTags.BitsAllocated) ?? 0;
        var bitsStored = !isFloatingPoint && Number(file, DicomTags.BitsStored) is > 0 and var stored ? stored : bitsAllocated;

        // PS3.5 §8.1.1: High Bit is Bits Stored − 1. Old files have it elsewhere; where it cannot be true the rule holds.
        var highBit = !isFloatingPoint && Number(file, DicomTags.HighBit) is { } high && high >= bitsStored - 1 && high < bitsAllocated
            ? high
            : bitsStored - 1;
        var frames = 1;
        if (!FirstText(file, DicomTags.NumberOfFrames).IsEmpty)
        {
            // "0" is written by some for a single frame; text that is no number could hide films, so it is not taken for 1.
            frames = GetInt32(file, DicomTags.NumberOfFrames) is >= 0 and var count ? Math.Max(1, count) : 0;
        }

        return new(
            Number(file, DicomTags.Rows) ?? 0, Number(file, DicomTags.Columns) ?? 0,
            Number(file, DicomTags.SamplesPerPixel) ?? 1,
            bitsAllocated, bitsStored, highBit,
            Number(file, DicomTags.PixelRepresentation) == 1, Number(file, DicomTags.PlanarConfiguration) ?? 0,
            Photometric(FirstText(file, DicomTags.PhotometricInterpretation)), frames)
        {
            IsFloatingPoint = isFloatingPoint,
        };
    }

    /// <summary>Whether the first value is this text; costs no allocation.</summary>
    internal bool IsText(ReadOnlySpan<byte> file, DicomTag tag, ReadOnlySpan<byte> text) => FirstText(file, tag).SequenceEqual(text);

    /// <summary>Value <paramref name="index"/> of binary 16-bit numbers as it stands; null when there are fewer.</summary>
    internal ushort? GetUInt16At(ReadOnlySpan<byte> file, DicomTag tag, int index)
    {
        var value = Value(file, tag);
        if (value.Length < 2 * (index + 1)) return null;
        value = value[(2 * index)..];
        return IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt16LittleEndian(value);
    }

    /// <summary>The bytes of the value; empty when absent, of undefined length, or not within <paramref name="file"/>.</summary>
    internal ReadOnlySpan<byte> Value(ReadOnlySpan<byte> file, DicomTag tag)
    {
        var slot = Slot(tag);
        if (!_isPresent[slot]) return default;
        var element = _elements[slot];
        return element.Length <= 0 || element.Offset + element.Length > file.Length
            ? default
            : file.Slice(element.Offset, (int)element.Length);
    }

    /// <summary>Keeps the element if it is one of <see cref="DicomTags"/>; of two with one number, the first.</summary>
    internal void Add(DicomElement element)
    {
        var slot = DicomTags.SlotOf(element.Tag);
        if (slot < 0 || _isPresent[slot]) return;
        _elements[slot] = element;
        _isPresent[slot] = true;
    }

    private static int Slot(DicomTag tag)
    {
        var slot = DicomTags.SlotOf(tag);
        return slot >= 0 ? slot : throw new ArgumentException($"{tag} is not among DicomTags", nameof(tag));
    }

    // By the file or by the dictionary: a name that a file calls CS is a name all the same.
    private bool IsText(int slot) => ValueRepresentation.IsText(VrOf(slot)) || ValueRepresentation.IsText(DicomTags.DictionaryVr(slot));

    private ushort VrOf(int slot) => _elements[slot].Vr is ValueRepresentation.None or ValueRepresentation.UN
        ? DicomTags.DictionaryVr(slot)
        : _elements[slot].Vr;

    // The numbers of the Image Pixel module are unsigned; a negative one (SS, SL) is as good as absent.
    private int? Number(ReadOnlySpan<byte> file, DicomTag tag) => GetInt32(file, tag) is >= 0 and var value ? value : null;

    private ReadOnlySpan<byte> FirstText(ReadOnlySpan<byte> file, DicomTag tag)
    {
        var value = Value(file, tag);
        var end = value.IndexOf((byte)'\\');
        if (end >= 0) value = value[..end];
        value = value.Trim(Padding);
        return value.Length > MaxTextBytes ? default : value;
    }

    private static ReadOnlySpan<byte> NextText(scoped ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\\');
        var first = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return first.Trim(Padding);
    }

    private static string[] Texts(ReadOnlySpan<byte> text, SpecificCharacterSet characters, bool isOne)
    {
        if (isOne) return [characters.Decode(text.Trim(Padding))];
        var values = new List<string>();
        while (values.Count < MaxValues)
        {
            var end = characters.EndOfValue(text);
            values.Add(characters.Decode(text[..end].Trim(Padding)));
            if (end == text.Length) break;
            text = text[(end + 1)..];
        }

        return [.. values];
    }

    private static double? ParseDecimal(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] == (byte)'+') text = text[1..];
        return text.Length is > 0 and <= 64 && Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length
            ? Finite(value)
            : null;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string? Photometric(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("MONOCHROME2"u8) ? "MONOCHROME2"
        : text.SequenceEqual("MONOCHROME1"u8) ? "MONOCHROME1"
        : text.IsEmpty ? null
        : Encoding.Latin1.GetString(text[..Math.Min(text.Length, 64)]);
}
