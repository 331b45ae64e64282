using System.Runtime.CompilerServices;
using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>A sub-sequence: a fixed count of words of a stream, decoded by one thread from a bit that may be a guess.</summary>
/// <remarks>Weißenberger, Schmidt 2018 (ICPP, doi 10.1145/3225058.3225076). What is known of it is its state, one number: count of
/// whole codes that begin in it, and how far the last one reaches into the next sub-sequence, where decoding goes on.</remarks>
public static class JpegSubsequence
{
    /// <summary>Words of 32 bits of a sub-sequence at most: a group's fit the 48 KiB of shared memory that every device has.</summary>
    public const int MostWords = 32;

    /// <summary>Threads of a group at most.</summary>
    public const int LargestGroup = 256;

    /// <summary>Words beyond its last sub-sequence that a thread may load.</summary>
    public const int WordsBeyond = 2;

    /// <summary>Words that a group stages in shared memory.</summary>
    internal const int StagedWords = LargestGroup * MostWords + WordsBeyond;

    /// <summary>Shared memory for them: a word is left out after each 32, so that threads at the same place of their sub-sequences load
    /// from different banks.</summary>
    internal const int StagedLength = StagedWords + StagedWords / 32 + 1;

    /// <summary>Where word <paramref name="i"/> is staged.</summary>
    internal static int Staged(int i) => i + (i >> 5);

    /// <summary>Decodes from one bit of a sub-sequence to its end.</summary>
    /// <param name="words">The stream as it lies in memory, so bytes of a word in reverse on a device.</param>
    /// <param name="firstWord">First word of the sub-sequence.</param>
    /// <param name="padShift">5 when <paramref name="words"/> are laid out by <see cref="Staged"/>, 31 when one behind the other.</param>
    /// <param name="table">A <see cref="JpegCodeTable"/>.</param>
    /// <param name="longFirst">Of the table.</param>
    /// <param name="longCount">Of the table.</param>
    /// <param name="start">First bit, from the beginning of the sub-sequence; 0 to 30.</param>
    /// <param name="bits">Of the sub-sequence.</param>
    /// <param name="limit">Bits of the segment from the beginning of the sub-sequence: no code reaches beyond them.</param>
    /// <param name="differences">Takes the first differences.</param>
    /// <param name="first">Place of the first of them.</param>
    /// <param name="room">How many of them; 0 to count only.</param>
    /// <returns>The state.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Decode(
        ArrayView<uint> words, int firstWord, int padShift, ArrayView<ushort> table, int longFirst, int longCount,
        int start, int bits, int limit, ArrayView<ushort> differences, long first, int room)
    {
        var high = Load(words, firstWord, padShift);
        var low = Load(words, firstWord + 1, padShift);
        var (position, count) = (start, 0);
        while (position < bits) // a code has a bit at least
        {
            var window = (uint)(((ulong)high << 32 | low) << (position & 31) >> 32);
            var entry = JpegCodeTable.Find(table, longFirst, longCount, window);
            var next = position + JpegCodeTable.Bits(entry);
            if (entry == 0 || next > limit) return count << 8;
            if (count < room) differences[first + count] = (ushort)JpegCodeTable.Difference(entry, window);
            count++;
            if (next >> 5 != position >> 5)
            {
                high = low;
                low = Load(words, firstWord + (next >> 5) + 1, padShift);
            }

            position = next;
        }

        return count << 8 | position - bits + 1;
    }

    /// <summary>Codes that begin in the sub-sequence.</summary>
    internal static int Count(int state) => state >> 8;

    /// <summary>Decoding met its end: bits that are no code, or those of the segment used up.</summary>
    internal static bool IsDead(int state) => End(state) == 0;

    /// <summary>What the next sub-sequence must know: equal ends have equal <see cref="Start"/>.</summary>
    internal static int End(int state) => state & 0xFF;

    /// <summary>First bit of the next sub-sequence; behind a dead one, a guess as good as any.</summary>
    internal static int Start(int end) => end == 0 ? 0 : end - 1;

    /// <summary>The segment in which a sub-sequence lies.</summary>
    internal static int SegmentOf(ArrayView<int> segments, JpegDeviceFilm film, int subsequence)
    {
        int low = 0, high = film.Segments - 1;
        while (low < high)
        {
            var middle = low + high + 1 >> 1;
            if (FirstOf(segments, film, middle) <= subsequence) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>First sub-sequence of a segment; behind the last segment, all of the film's.</summary>
    internal static int FirstOf(ArrayView<int> segments, JpegDeviceFilm film, int segment) =>
        segment < film.Segments ? segments[film.SegmentEntry + 2 * segment] : film.Subsequences;

    /// <summary>Bits of the segment from the beginning of one of its sub-sequences on.</summary>
    internal static int BitsFrom(ArrayView<int> segments, JpegDeviceFilm film, int segment, int subsequence) =>
        segments[film.SegmentEntry + 2 * segment + 1] - 32 * film.SubsequenceWords * (subsequence - FirstOf(segments, film, segment));

    private static uint Load(ArrayView<uint> words, int i, int padShift)
    {
        var word = words[i + (i >> padShift)];
        return word << 24 | word << 8 & 0xFF0000 | word >> 8 & 0xFF00 | word >> 24;
    }
}
