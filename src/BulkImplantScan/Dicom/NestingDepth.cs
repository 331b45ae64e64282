using System.Buffers.Binary;

namespace BulkImplantScan.Dicom;

/// <summary>How deep sequences of known length nest, which <see cref="ElementCursor"/> steps over without looking.</summary>
/// <remarks>Explicit data sets only: an implicit one does not say which of its elements are sequences. Nothing is read from what is
/// found; where the bytes are no clean sequence they are left to whoever reads it.</remarks>
internal static class NestingDepth
{
    // One level more costs at least the header of an item and that of a sequence: what is shorter need not be looked at.
    private const int LeastLevelBytes = 8 + 12;

    /// <summary>Whether sequences are nested deeper than <see cref="DicomReader.MaxDepth"/>.</summary>
    /// <param name="file">Holds the value wholly.</param>
    /// <param name="element">A sequence or an item, of known length; any other element is at no depth.</param>
    /// <param name="sequences">Sequences that the element stands in.</param>
    /// <param name="isBigEndian">Of the data set.</param>
    public static bool IsAboveLimit(ReadOnlySpan<byte> file, in DicomElement element, int sequences, bool isBigEndian)
    {
        var isSequence = element.Vr == ValueRepresentation.SQ;
        if (!isSequence && element.Tag != DicomTags.Item) return false;
        if (isSequence) sequences++;
        if (sequences > DicomReader.MaxDepth) return true;
        return element.Length >= LeastBytes(sequences) && Walk(file, element, sequences, isSequence, isBigEndian);
    }

    private static long LeastBytes(int sequences) => (DicomReader.MaxDepth + 1L - sequences) * LeastLevelBytes;

    private static bool Walk(ReadOnlySpan<byte> file, in DicomElement element, int sequences, bool isSequence, bool isBigEndian)
    {
        // A level is a sequence or an item; one that ends at a delimiter has the end of what it stands in, and ends there at the latest.
        Span<Level> levels = stackalloc Level[2 * DicomReader.MaxDepth + 2];
        var top = 0;
        levels[0] = new(element.Offset + (int)element.Length, isSequence, IsDelimited: false);
        var at = element.Offset;
        while (true)
        {
            while (at >= levels[top].End)
            {
                if (levels[top].IsSequence) sequences--;
                if (--top < 0) return false;
            }

            var end = levels[top].End;
            if (end - at < 8) return false;
            var bytes = file[at..end];
            var tag = isBigEndian
                ? new DicomTag(BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]))
                : new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]));
            if (tag == DicomTags.ItemDelimitation || tag == DicomTags.SequenceDelimitation)
            {
                at += 8;
                if (!levels[top].IsDelimited) continue;
                if (levels[top].IsSequence) sequences--;
                top--;
                continue;
            }

            var vr = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
            var isItem = tag == DicomTags.Item;
            if (!isItem && !ValueRepresentation.IsLetters(vr)) return false;
            var isShort = !isItem && ValueRepresentation.IsShortForm(vr);
            var header = isItem || isShort ? 8 : 12;
            if (bytes.Length < header) return false;
            long length = isShort ? ReadUInt16(bytes[6..], isBigEndian) : ReadUInt32(bytes[(header - 4)..], isBigEndian);
            at += header;
            var isDelimited = length == uint.MaxValue;
            if (isDelimited) length = end - at;
            if (length > end - at) return false;

            var isNested = vr == ValueRepresentation.SQ && !isItem;
            if (isNested && sequences == DicomReader.MaxDepth) return true;
            var isWorthIt = isDelimited || length >= LeastBytes(sequences + (isNested ? 1 : 0));
            if ((isItem == levels[top].IsSequence) && (isItem || isNested) && isWorthIt)
            {
                if (isNested) sequences++;
                levels[++top] = new(at + (int)length, isNested, isDelimited);
            }
            else if (isDelimited)
            {
                return false; // UN, or an item where none may stand
            }
            else
            {
                at += (int)length;
            }
        }
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private readonly record struct Level(int End, bool IsSequence, bool IsDelimited);
}
