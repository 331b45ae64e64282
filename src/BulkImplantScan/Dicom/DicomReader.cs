using System.Buffers.Binary;
using BulkImplantScan.Dicom.Deflate;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Reads the header of a DICOM file (PS3.10) in place, up to and including the header of its Pixel Data.</summary>
/// <remarks>Written for hostile input: no recursion, no allocation that a file's numbers choose, every length checked.
/// Preamble, file meta information and transfer syntax may be missing: the first elements then tell the encoding.</remarks>
public static class DicomReader
{
    /// <summary>Bytes that a header may have before its Pixel Data.</summary>
    public const int MaxHeaderBytes = 64 << 20;

    /// <summary>Elements and items that a header may have, nested ones counted.</summary>
    public const int MaxElements = 1_000_000;

    /// <summary>How deep sequences may nest: one that stands in no other is the first level.</summary>
    public const int MaxDepth = 32;

    /// <summary>Bytes that a deflated data set may have when inflated: one frame at its limit and a header at its own.</summary>
    public const int MaxInflatedBytes = FrameDecoder.MaxFrameBytes + MaxHeaderBytes;

    private const int PreambleBytes = 132;

    /// <summary>Parses <paramref name="file"/>, or as much of it as is there.</summary>
    /// <param name="file">The file, or its first bytes: 16 KiB hold most headers.</param>
    /// <param name="isWholeFile">False: the file has more bytes than these.</param>
    /// <param name="dataset">Is cleared, then filled; its offsets count from the start of <paramref name="file"/>.</param>
    /// <returns>Status and place. On Malformed, the data set holds what came before the fault.</returns>
    public static ParseOutcome Parse(ReadOnlySpan<byte> file, bool isWholeFile, DicomDataset dataset)
    {
        dataset.Clear();
        if (file.Length < PreambleBytes && !isWholeFile) return new(ParseStatus.NeedMoreBytes, PreambleBytes, null);

        var hasPreamble = file.Length >= PreambleBytes && file[128..PreambleBytes].SequenceEqual("DICM"u8);
        var start = hasPreamble ? PreambleBytes : 0;
        if (!hasPreamble && !LooksLikeDataSet(file, isWholeFile)) return new(ParseStatus.NotDicom, 0, null);

        var cursor = new ElementCursor(file, start, file.Length, isWholeFile) { IsExplicit = true };
        while (file.Length - cursor.Position >= 2 && BinaryPrimitives.ReadUInt16LittleEndian(file[cursor.Position..]) == 2)
        {
            if (!cursor.TryRead() || !TrySkip(ref cursor, dataset)) return cursor.Failure;
        }

        dataset.TransferSyntax = TransferSyntaxes.FromBytes(dataset.Value(file, DicomTags.TransferSyntaxUid));
        dataset.DataSetOffset = cursor.Position;
        if (TransferSyntaxes.IsDeflatedDataSet(dataset.TransferSyntax)) return new(ParseStatus.Deflated, 0, null);
        return ParseDataSet(file, isWholeFile, dataset);
    }

    /// <summary>Inflates and parses a deflated data set, for which <see cref="Parse"/> returned Deflated.</summary>
    /// <param name="file">As given to <see cref="Parse"/>.</param>
    /// <param name="isWholeFile">As given to <see cref="Parse"/>.</param>
    /// <param name="headerOnly">Stop inflating when the header is read: for the index.</param>
    /// <param name="dataset">As filled by <see cref="Parse"/>; its offsets count from the start of <paramref name="inflated"/> after.</param>
    /// <param name="pool">Gives the memory.</param>
    /// <param name="inflated">Preamble and file meta information as they were, then the data set inflated; to be disposed by the
    /// caller. Null unless the status is Ok.</param>
    /// <param name="length">Bytes in it.</param>
    /// <returns>As <see cref="Parse"/>. A stream that breaks off or is corrupt gives what came before the fault when that holds the
    /// header: decoding then says that pixel data is truncated. Inflated bytes are bounded by <see cref="MaxInflatedBytes"/>
    /// and by where the pixel data ends.</returns>
    public static ParseOutcome Inflate(
        ReadOnlySpan<byte> file, bool isWholeFile, bool headerOnly, DicomDataset dataset, PixelBufferPool pool,
        out PixelBuffer? inflated, out int length)
    {
        var meta = dataset.DataSetOffset;
        var buffer = pool.Rent(Math.Max(PixelBufferPool.SmallestBytes, meta * 2L));
        (inflated, length) = (null, meta);
        try
        {
            file[..meta].CopyTo(buffer.Span(meta));
            var compressed = file[meta..];
            var inflater = new Inflater(compressed[DeflatedBytes.Start(compressed)..], InflateTables.OfThread, meta);
            var target = buffer.CapacityBytes;
            while (true)
            {
                // What came before a fault stands; the parser or the decoder says what is missing.
                var isOver = inflater.Inflate(buffer.Span(target)) != InflateStatus.Full;
                length = inflater.Written;
                var outcome = ParseDataSet(buffer.Span(length), isWholeFile && isOver, dataset);
                if (outcome.Status == ParseStatus.NeedMoreBytes && isOver)
                    return outcome with { Offset = file.Length + 1L }; // of the compressed bytes, how many is not known
                if (outcome.Status == ParseStatus.Ok)
                {
                    target = dataset.PixelData is { IsUndefinedLength: false } pixels ? pixels.Offset + pixels.Length : length;
                    if (headerOnly || isOver || target <= length)
                    {
                        (inflated, buffer) = (buffer, null!);
                        return outcome;
                    }
                }
                else if (outcome.Status == ParseStatus.NeedMoreBytes)
                {
                    target = Math.Max(outcome.Offset, 2 * buffer.CapacityBytes);
                }
                else
                {
                    return outcome;
                }

                if (target > MaxInflatedBytes)
                    return new(ParseStatus.InflatedTooLarge, dataset.DataSetOffset, null);
                if (target <= buffer.CapacityBytes) continue;

                // A header that promises a gigabyte behind a stream of a kilobyte shall not cost a gigabyte.
                var larger = pool.Rent(Math.Min(target, 2 * buffer.CapacityBytes));
                buffer.Span(length).CopyTo(larger.Span(length));
                buffer.Dispose();
                buffer = larger;
                target = Math.Min(target, buffer.CapacityBytes);
            }
        }
        finally
        {
            buffer?.Dispose();
        }
    }

    /// <summary>Finds the elements of one item of a sequence.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Holds the sequence.</param>
    /// <param name="sequence">One of <see cref="DicomTags"/> that is a sequence.</param>
    /// <param name="index">Which item, from 0.</param>
    /// <param name="item">Is cleared, then filled.</param>
    /// <returns>False when the sequence is absent, has fewer items, or does not parse.</returns>
    public static bool TryGetItem(
        ReadOnlySpan<byte> file, DicomDataset dataset, DicomTag sequence, int index, DicomDataset item)
    {
        item.Clear();
        if (dataset.Find(sequence) is not { } element) return false;
        if (!element.IsUndefinedLength && element.Offset + element.Length > file.Length) return false;

        (item.TransferSyntax, item.IsExplicit, item.IsBigEndian) = (dataset.TransferSyntax, dataset.IsExplicit, dataset.IsBigEndian);
        item.InheritedCharacterSet = dataset.CharacterSet(file);
        if (element.Vr == ValueRepresentation.UN) (item.IsExplicit, item.IsBigEndian) = (false, false);
        var end = element.IsUndefinedLength ? file.Length : element.Offset + (int)element.Length;
        var cursor = new ElementCursor(file, element.Offset, end, isWhole: true)
        {
            IsExplicit = item.IsExplicit, IsBigEndian = item.IsBigEndian,
        };
        for (var i = 0; ; i++)
        {
            if (cursor.IsAtEnd || !cursor.TryRead() || cursor.Current.Tag != DicomTags.Item) return false;
            if (i == index) break;
            if (!cursor.TrySkipValue()) return false;
        }

        var itemElement = cursor.Current;
        if (!itemElement.IsUndefinedLength)
        {
            if (itemElement.Offset + itemElement.Length > end) return false;
            end = itemElement.Offset + (int)itemElement.Length;
            cursor = new(file, itemElement.Offset, end, isWhole: true) { IsExplicit = item.IsExplicit, IsBigEndian = item.IsBigEndian };
        }

        while (!cursor.IsAtEnd && cursor.TryRead() && cursor.Current.Tag.Group != 0xFFFE)
            if (!TrySkip(ref cursor, item)) return false;
        return true;
    }

    private static ParseOutcome ParseDataSet(ReadOnlySpan<byte> file, bool isWhole, DicomDataset dataset)
    {
        var cursor = new ElementCursor(file, dataset.DataSetOffset, file.Length, isWhole);
        if (file.Length - cursor.Position < 8 && !isWhole) return new(ParseStatus.NeedMoreBytes, cursor.Position + 8L, null);

        (dataset.IsExplicit, dataset.IsBigEndian) = DeduceEncoding(file[cursor.Position..], dataset.TransferSyntax);
        (cursor.IsExplicit, cursor.IsBigEndian) = (dataset.IsExplicit, dataset.IsBigEndian);
        if (dataset.TransferSyntax is null)
        {
            dataset.IsTransferSyntaxDeduced = true;
            dataset.TransferSyntax = !dataset.IsExplicit ? TransferSyntaxes.ImplicitLittleEndian
                : dataset.IsBigEndian ? TransferSyntaxes.ExplicitBigEndian
                : TransferSyntaxes.ExplicitLittleEndian;
        }

        while (!cursor.IsAtEnd && !cursor.IsAtPadding)
        {
            if (!cursor.TryRead()) return cursor.Failure;
            var tag = cursor.Current.Tag;
            if (tag == DicomTags.PixelData || tag == DicomTags.FloatPixelData || tag == DicomTags.DoubleFloatPixelData)
            {
                dataset.PixelData = cursor.Current;
                return Done(file, dataset, cursor.Position);
            }

            // A delimiter that belongs to nothing is skipped, as a sequence's writer may count one too many.
            if (!TrySkip(ref cursor, dataset)) return cursor.Failure;
        }

        return isWhole ? Done(file, dataset, cursor.Position) : new(ParseStatus.NeedMoreBytes, file.Length + 1L, null);
    }

    private static ParseOutcome Done(ReadOnlySpan<byte> file, DicomDataset dataset, int position)
    {
        dataset.IsDicomdir = dataset.Contains(DicomTags.DirectoryRecordSequence)
            || dataset.Value(file, DicomTags.MediaStorageSopClassUid).TrimEnd("\0 "u8).SequenceEqual("1.2.840.10008.1.3.10"u8);
        return new(ParseStatus.Ok, position, null);
    }

    private static bool TrySkip(ref ElementCursor cursor, DicomDataset dataset)
    {
        var element = cursor.Current;
        if (!cursor.TrySkipValue()) return false; // first, so that only what is there whole is kept
        dataset.Add(element);
        return true;
    }

    /// <summary>How the data set is encoded: by its first element where that is clear, else by its transfer syntax.</summary>
    /// <remarks>The file's word is not enough: data sets that are not what their transfer syntax says are common enough that
    /// dcmtk, gdcm and pydicom all look.</remarks>
    private static (bool IsExplicit, bool IsBigEndian) DeduceEncoding(ReadOnlySpan<byte> bytes, string? transferSyntax)
    {
        var declared = (transferSyntax is not (null or TransferSyntaxes.ImplicitLittleEndian),
            transferSyntax == TransferSyntaxes.ExplicitBigEndian);
        if (bytes.Length < 8) return declared;

        // Groups begin low (0008), so the byte that is zero is the high one.
        var little = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var isBigEndian = little == BinaryPrimitives.ReverseEndianness(little)
            ? declared.Item2
            : little > BinaryPrimitives.ReverseEndianness(little);
        var vr = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (ValueRepresentation.IsKnown(vr)) return (true, isBigEndian);
        if (ValueRepresentation.IsLetters(vr) && declared.Item1) return declared;
        return (declared.Item1 && !IsPlausibleLength(bytes), !declared.Item1 ? false : declared.Item2);
    }

    private static bool IsPlausibleLength(ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        return length == uint.MaxValue || length <= bytes.Length - 8;
    }

    /// <summary>Without a preamble: do the first elements read as a data set? A bound of four keeps other files cheap.</summary>
    private static bool LooksLikeDataSet(ReadOnlySpan<byte> file, bool isWhole)
    {
        if (file.Length < 8) return false;
        var (isExplicit, isBigEndian) = DeduceEncoding(file, null);
        isExplicit = ValueRepresentation.IsKnown(BinaryPrimitives.ReadUInt16BigEndian(file[4..]));
        var cursor = new ElementCursor(file, 0, file.Length, isWhole) { IsExplicit = isExplicit, IsBigEndian = isBigEndian };
        uint last = 0;
        for (var i = 0; i < 4; i++)
        {
            if (cursor.IsAtEnd) return i > 0;
            if (!cursor.TryRead()) return false;
            var tag = cursor.Current.Tag;
            if (i == 0 && tag.Group is not (2 or 4 or 8 or 0x10)) return false;
            if (i > 0 && tag.Value <= last) return false;
            if (i > 0 && last >> 16 == 2 && tag.Group != 2) return true; // the data set may be encoded otherwise
            last = tag.Value;
            if (!cursor.TrySkipValue()) return cursor.Failure.Status == ParseStatus.NeedMoreBytes && i > 0;
        }

        return true;
    }
}
