using System.Buffers.Binary;

namespace BulkImplantScan.Dicom;

/// <summary>Walks over data elements in place: reads a header, then skips or keeps its value.</summary>
/// <remarks>Every position is checked as a 64-bit number against the end; nesting and the number of elements are bounded;
/// sequences are walked without recursion and without allocation. Common faults are read as other readers do (a missing
/// item delimiter, an implicit element in an explicit data set, explicit elements inside UN); what cannot be read stops with
/// the byte and a reason.</remarks>
internal ref struct ElementCursor
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly int _end;
    private readonly bool _isWhole;
    private int _elementCount;
    private int _start;
    private int _paddingStart = -1;

    public ElementCursor(ReadOnlySpan<byte> file, int position, int end, bool isWhole)
    {
        _file = file;
        (Position, _end, _isWhole) = (position, end, isWhole);
    }

    /// <summary>Next byte to read.</summary>
    public int Position { get; set; }

    /// <summary>Headers carry their value representation.</summary>
    public bool IsExplicit { get; set; }

    /// <summary>Numbers have their most significant byte first.</summary>
    public bool IsBigEndian { get; set; }

    /// <summary>The element whose header was read last.</summary>
    public DicomElement Current { get; private set; }

    /// <summary>Why the last call returned false.</summary>
    public ParseOutcome Failure { get; private set; }

    public readonly bool IsAtEnd => Position >= _end;

    /// <summary>Whether only zero bytes are left.</summary>
    public bool IsAtPadding
    {
        get
        {
            if (!_isWhole || _end - Position >= 8 && ReadUInt64(Position) != 0) return false;
            if (_paddingStart < 0) _paddingStart = _file[.._end].LastIndexOfAnyExcept((byte)0) + 1; // once: it costs a scan
            return Position >= _paddingStart;
        }
    }

    /// <summary>Reads the header at <see cref="Position"/>, which then is the first byte of the value.</summary>
    public bool TryRead()
    {
        _start = Position;
        if (!Has(8)) return false;
        if (++_elementCount > DicomReader.MaxElements) return Fail(ParseStatus.Malformed, "more elements than the limit");

        var tag = new DicomTag(ReadUInt16(Position), ReadUInt16(Position + 2));
        ushort vr = ValueRepresentation.None;
        uint length;
        if (tag.Group != 0xFFFE && IsExplicit)
            vr = BinaryPrimitives.ReadUInt16BigEndian(_file[(Position + 4)..]);

        if (!ValueRepresentation.IsLetters(vr))
        {
            // Items, implicit data sets, and the implicit element that some writers leave in an explicit data set.
            vr = ValueRepresentation.None;
            length = ReadUInt32(Position + 4);
            Position += 8;
        }
        else if (ValueRepresentation.IsShortForm(vr))
        {
            length = ReadUInt16(Position + 6);
            Position += 8;
        }
        else
        {
            if (!Has(12)) return false;
            length = ReadUInt32(Position + 8);
            Position += 12;
        }

        Current = new(tag, vr, Position, length == uint.MaxValue ? -1 : length);
        return true;
    }

    /// <summary>Moves behind the value of <see cref="Current"/>.</summary>
    public bool TrySkipValue()
    {
        if (Current.IsUndefinedLength) return TrySkipItems();
        return TrySkipDefined(0);
    }

    /// <summary>Moves behind a value whose length is known and that stands in <paramref name="sequences"/> sequences.</summary>
    private bool TrySkipDefined(int sequences)
    {
        if (!Has(Current.Length)) return false;
        if (IsExplicit && NestingDepth.IsAboveLimit(_file, Current, sequences, IsBigEndian)) return Fail(ParseStatus.NestingTooDeep, null);
        Position += (int)Current.Length;
        return true;
    }

    /// <summary>Moves behind a value of undefined length: items, each of items and elements, up to the delimiter.</summary>
    private bool TrySkipItems()
    {
        // One bit a level: is it an item (else a sequence), and is it read as implicit little endian (UN, PS3.5 §6.2.2)?
        // Items are levels, too, so 32 sequences with their items take all 64 bits.
        ulong items = 0, implicits = 0;
        var depth = 1;
        var (wasExplicit, wasBigEndian) = (IsExplicit, IsBigEndian);
        if (Current.Vr == ValueRepresentation.UN) implicits |= 1;

        while (depth > 0)
        {
            var isItem = (items >> depth - 1 & 1) != 0;
            var isImplicit = (implicits >> depth - 1 & 1) != 0;
            (IsExplicit, IsBigEndian) = isImplicit ? (LooksExplicit(), false) : (wasExplicit, wasBigEndian);
            if (!TryRead())
            {
                (IsExplicit, IsBigEndian) = (wasExplicit, wasBigEndian);
                return false;
            }

            var tag = Current.Tag;
            if (tag == DicomTags.ItemDelimitation)
            {
                if (isItem) depth--; // one too many is skipped
                continue;
            }

            if (tag == DicomTags.SequenceDelimitation)
            {
                depth -= isItem ? 2 : 1; // an item without its delimiter ends with its sequence
                continue;
            }

            if (tag == DicomTags.Item && isItem)
            {
                depth--; // the item before it lacks its delimiter
                isItem = false;
            }

            if (tag != DicomTags.Item && !isItem)
            {
                // An element where only items may stand: the sequence lacks its delimiter, the element belongs to its parent.
                Position = _start;
                depth--;
                continue;
            }

            if (!Current.IsUndefinedLength)
            {
                if (TrySkipDefined((depth + 1) / 2)) continue;
                (IsExplicit, IsBigEndian) = (wasExplicit, wasBigEndian);
                return false;
            }

            if (++depth > 2 * DicomReader.MaxDepth)
            {
                (IsExplicit, IsBigEndian) = (wasExplicit, wasBigEndian);
                return Fail(ParseStatus.NestingTooDeep, null);
            }

            var bit = 1UL << depth - 1;
            items = tag == DicomTags.Item ? items | bit : items & ~bit;
            implicits = isImplicit || Current.Vr == ValueRepresentation.UN ? implicits | bit : implicits & ~bit;
        }

        (IsExplicit, IsBigEndian) = (wasExplicit, wasBigEndian);
        return true;
    }

    /// <summary>Inside UN, where implicit is the rule, some writers stay explicit.</summary>
    private readonly bool LooksExplicit() =>
        _end - Position >= 8 && ValueRepresentation.IsKnown(BinaryPrimitives.ReadUInt16BigEndian(_file[(Position + 4)..]));

    private readonly ushort ReadUInt16(int at) => IsBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(_file[at..])
        : BinaryPrimitives.ReadUInt16LittleEndian(_file[at..]);

    private readonly uint ReadUInt32(int at) => IsBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(_file[at..])
        : BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]);

    private readonly ulong ReadUInt64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_file[at..]);

    private bool Has(long bytes)
    {
        var needed = Position + bytes;
        if (needed > DicomReader.MaxHeaderBytes) return Fail(ParseStatus.HeaderTooLarge, null);
        if (needed <= _end) return true;
        if (_isWhole) return Fail(ParseStatus.Malformed, "the data set ends inside an element");
        Failure = new(ParseStatus.NeedMoreBytes, needed, null);
        return false;
    }

    private bool Fail(ParseStatus status, string? detail)
    {
        Failure = new(status, _start, detail);
        return false;
    }
}
