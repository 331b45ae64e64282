using System.Buffers.Binary;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>Finds one frame among the fragments of encapsulated pixel data (PS3.5 annex A.4), without decoding the others.</summary>
/// <remarks>By the extended offset table, else the basic offset table, where they ascend and hit fragments; else one fragment a frame,
/// else by the fragments that begin as a codestream begins. A missing sequence delimiter is no fault; a fragment that reaches
/// beyond the file is, and costs the frame that needs it.</remarks>
internal static class EncapsulatedFrames
{
    private const uint ItemTag = 0xE000FFFE;

    // A walk costs a few ns a fragment; this bounds a file that is full of empty ones.
    private const int MaxFragments = 1_000_000;

    /// <summary>The bytes of the frame: a piece of the file, or joined in memory of the pool.</summary>
    /// <param name="file">The file.</param>
    /// <param name="dataset">Of the file, with pixel data.</param>
    /// <param name="frame">From 0.</param>
    /// <param name="frames">Number of Frames.</param>
    /// <param name="pool">For joined fragments.</param>
    /// <param name="joined">To be disposed by the caller; null when one fragment is all.</param>
    /// <param name="fileOffset">Of the first byte, or of the fault.</param>
    /// <param name="result">What went wrong.</param>
    public static ReadOnlySpan<byte> Find(
        ReadOnlySpan<byte> file, DicomDataset dataset, int frame, int frames, PixelBufferPool pool, out PixelBuffer? joined,
        out long fileOffset, out CodecResult result)
    {
        joined = null;
        result = default;
        var element = dataset.PixelData!.Value;
        var end = element.IsUndefinedLength ? file.Length : (int)Math.Min(file.Length, element.Offset + element.Length);
        var walk = new FragmentWalk(file, element.Offset, end);
        fileOffset = element.Offset;
        if (!walk.MoveNext()) return Fail(CodecResult.Corrupt(0, "no offset table item"), out result);
        if (walk.IsCut) return Fail(CodecResult.Truncated(0), out result);

        var table = file.Slice(walk.Offset, walk.Length);
        var firstFragment = walk.Offset + walk.Length;
        walk = new(file, firstFragment, end);

        // How many fragments from where: by a table, or by walking.
        long start = -1, stop = end;
        var extended = dataset.Value(file, DicomTags.ExtendedOffsetTable);
        var isExtended = TryLookUp(extended, 8, frame, frames, out var from, out var to);
        var isFound = isExtended || TryLookUp(table, 4, frame, frames, out from, out to);
        if (isFound && from < end && (to < 0 || to < end))
        {
            start = firstFragment + from;
            if (to >= 0) stop = firstFragment + to;
        }

        var isTableGood = start >= 0 && stop <= end && IsItem(file, start) && (stop == end || IsItem(file, stop));
        if (!isTableGood && !TryWalkTo(file, firstFragment, end, frame, frames, out start, out stop))
        {
            fileOffset = firstFragment;
            return Fail(new(Reason.MissingFrame, 0, null), out result);
        }

        // One fragment, nearly always.
        walk = new(file, (int)start, (int)stop);
        if (!walk.MoveNext()) return Fail(new(Reason.MissingFrame, 0, null), out result);
        fileOffset = walk.Offset;
        if (walk.IsCut)
        {
            fileOffset = file.Length;
            return Fail(CodecResult.Truncated(0), out result);
        }

        var first = file.Slice(walk.Offset, walk.Length);
        long total = walk.Length;
        while (walk.MoveNext())
        {
            if (walk.IsCut)
            {
                fileOffset = file.Length;
                return Fail(CodecResult.Truncated(0), out result);
            }

            total += walk.Length;
        }

        // The lengths leave out a byte of padding, which is no part of the frame.
        var given = isTableGood && isExtended ? LengthOf(dataset.Value(file, DicomTags.ExtendedOffsetTableLengths), frame, frames) : total;
        if (given > 0 && given == total - 1) total = given;
        if (total <= first.Length) return first[..(int)total];
        joined = pool.Rent(total); // at most the file's own size
        var target = joined.Span(total);
        walk = new(file, (int)start, (int)stop);
        while (walk.MoveNext())
        {
            var fragment = file.Slice(walk.Offset, Math.Min(walk.Length, target.Length));
            fragment.CopyTo(target);
            target = target[fragment.Length..];
        }

        return joined.Span(total);
    }

    private static bool TryWalkTo(
        ReadOnlySpan<byte> file, int firstFragment, int end, int frame, int frames, out long start, out long stop)
    {
        // First pass: fragments in all, and those that begin a codestream.
        (start, stop) = (firstFragment, end);
        if (frames == 1) return true;
        int fragments = 0, beginnings = 0;
        for (var walk = new FragmentWalk(file, firstFragment, end); walk.MoveNext() && fragments < MaxFragments; fragments++)
            if (IsBeginning(file, walk.Offset)) beginnings++;

        var byBeginning = fragments > frames;
        if (byBeginning && beginnings != frames) return false;
        if (frame >= fragments) return false;

        var index = -1;
        start = -1;
        for (var walk = new FragmentWalk(file, firstFragment, end); walk.MoveNext();)
        {
            if (!byBeginning || IsBeginning(file, walk.Offset)) index++;
            if (index == frame && start < 0) start = walk.Offset - 8;
            if (index <= frame) continue;
            stop = walk.Offset - 8;
            break;
        }

        return start >= 0;
    }

    /// <summary>Start of image of the JPEG family, or start of codestream and image size of JPEG 2000.</summary>
    private static bool IsBeginning(ReadOnlySpan<byte> file, int offset) =>
        file.Length - offset >= 4 && file[offset] == 0xFF
        && (file[offset + 1] == 0xD8 && file[offset + 2] == 0xFF
            || file[offset + 1] == 0x4F && file[offset + 2] == 0xFF && file[offset + 3] == 0x51);

    /// <summary>Where the frame begins and the next one does (−1: it is the last), from the first fragment.</summary>
    /// <returns>False when the table has not an entry for each frame, ascending from 0: one bad entry makes all suspect.</returns>
    private static bool TryLookUp(ReadOnlySpan<byte> table, int width, int frame, int frames, out long from, out long to)
    {
        (from, to) = (0, -1);
        if (table.Length < (long)width * frames) return false;
        long last = -1;
        for (var i = 0; i < frames; i++)
        {
            var entry = table[(width * i)..];
            var offset = width == 8
                ? BinaryPrimitives.ReadInt64LittleEndian(entry)
                : BinaryPrimitives.ReadUInt32LittleEndian(entry);
            if (offset <= last || i == 0 && offset != 0) return false;
            if (i == frame) from = offset;
            if (i == frame + 1) to = offset;
            last = offset;
        }

        return true;
    }

    /// <summary>Bytes of the frame by the Extended Offset Table Lengths (PS3.3 C.7.6.3.1.8); 0 where they do not say.</summary>
    private static long LengthOf(ReadOnlySpan<byte> lengths, int frame, int frames) =>
        lengths.Length >= 8L * frames ? BinaryPrimitives.ReadInt64LittleEndian(lengths[(8 * frame)..]) : 0;

    private static bool IsItem(ReadOnlySpan<byte> file, long offset) =>
        offset + 8 <= file.Length && BinaryPrimitives.ReadUInt32LittleEndian(file[(int)offset..]) == ItemTag;

    private static ReadOnlySpan<byte> Fail(CodecResult fault, out CodecResult result)
    {
        result = fault;
        return default;
    }

    /// <summary>Item after item; ends at the delimiter, at anything that is no item, or at the end.</summary>
    private ref struct FragmentWalk(ReadOnlySpan<byte> file, int position, int end)
    {
        private readonly ReadOnlySpan<byte> _file = file;
        private int _position = position;

        /// <summary>First byte of the fragment.</summary>
        public int Offset { get; private set; }

        /// <summary>Bytes of the fragment that are there.</summary>
        public int Length { get; private set; }

        /// <summary>The fragment says it is longer than what is there.</summary>
        public bool IsCut { get; private set; }

        public bool MoveNext()
        {
            if (IsCut) return false;
            if (Length % 2 != 0 && !IsItemHere() && IsItemHere(1)) _position++; // an odd length that left its padding out
            if (!IsItemHere()) return false;
            long length = BinaryPrimitives.ReadUInt32LittleEndian(_file[(_position + 4)..]);
            Offset = _position + 8;
            IsCut = length > end - Offset;
            Length = IsCut ? end - Offset : (int)length;
            _position = Offset + Length;
            return true;
        }

        private readonly bool IsItemHere(int further = 0) =>
            end - _position - further >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(_file[(_position + further)..]) == ItemTag;
    }
}
