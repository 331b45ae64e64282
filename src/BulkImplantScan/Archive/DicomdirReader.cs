using System.IO.Hashing;
using BulkImplantScan.Dicom;

namespace BulkImplantScan.Archive;

/// <summary>The files that a DICOMDIR lists (PS3.3 §F.3, Directory Record Sequence).</summary>
internal static class DicomdirReader
{
    /// <summary>Records that are read; of a medium with more, the rest is not looked for.</summary>
    public const int MaximumRecords = 1_000_000;

    private static readonly DicomTag ReferencedFileId = new(0x0004, 0x1500);

    /// <summary>Each file once, in the order of the records; up to where the records stop to add up.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="dataset">Parsed from it.</param>
    /// <param name="limit">Records at most.</param>
    /// <remarks>The links between records (Offset of the Next Directory Record) are not followed: they may be wrong, and lead
    /// in circles. The sequence holds every record once.</remarks>
    public static List<DicomdirReference> Read(ReadOnlySpan<byte> file, DicomDataset dataset, int limit = MaximumRecords)
    {
        var references = new List<DicomdirReference>();
        var seen = new HashSet<UInt128>();
        if (dataset.Find(DicomTags.DirectoryRecordSequence) is not { } sequence) return references;
        var end = sequence.IsUndefinedLength ? file.Length : (int)Math.Min(file.Length, sequence.Offset + sequence.Length);
        var position = sequence.Offset;
        for (var record = 0; record < limit && position < end; record++)
        {
            // A cursor for each, as a cursor's elements are bounded.
            var cursor = new ElementCursor(file, position, end, isWhole: true) { IsExplicit = dataset.IsExplicit, IsBigEndian = dataset.IsBigEndian };
            if (!cursor.TryRead() || cursor.Current.Tag != DicomTags.Item) break;
            var itemEnd = cursor.Current.IsUndefinedLength ? end : Math.Min(end, cursor.Position + cursor.Current.Length);
            while (cursor.Position < itemEnd)
            {
                if (!cursor.TryRead()) return references;
                var element = cursor.Current;
                if (element.Tag == DicomTags.ItemDelimitation) break;
                if (!cursor.TrySkipValue()) return references;
                if (element.Tag != ReferencedFileId || element.Length <= 0) continue;
                var value = file.Slice(element.Offset, (int)element.Length);
                if (value.Trim(" \0"u8).IsEmpty) continue;
                var reference = DicomdirReference.Of(value);
                if (seen.Add(XxHash128.HashToUInt128(reference.Path))) references.Add(reference);
            }

            position = cursor.Position;
        }

        return references;
    }
}
