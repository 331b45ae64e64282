using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>Third kernel: every sub-sequence is decoded once more, now from a start that is known, and its differences are written where
/// they belong.</summary>
public static class JpegDifferencesKernel
{
    /// <summary>Explicitly grouped; a group a sequence, as <see cref="JpegSynchroniseKernel"/>.</summary>
    /// <param name="films">[N].</param>
    /// <param name="words">The slab.</param>
    /// <param name="entries">The same memory.</param>
    /// <param name="segments">The same memory.</param>
    /// <param name="states">State of each sub-sequence of the batch.</param>
    /// <param name="positions">Codes of the film before each sub-sequence.</param>
    /// <param name="differences">Modulo 2^16, each film row by row; written completely unless a film gets a fault.</param>
    /// <param name="faults">Status word of each film.</param>
    public static void Execute(
        ArrayView<JpegDeviceFilm> films, ArrayView<uint> words, ArrayView<ushort> entries, ArrayView<int> segments,
        ArrayView<int> states, ArrayView<int> positions, ArrayView<ushort> differences, ArrayView<int> faults)
    {
        var table = SharedMemory.Allocate1D<ushort>(JpegCodeTable.Length);
        var staged = SharedMemory.Allocate1D<uint>(JpegSubsequence.StagedLength);
        var index = JpegStaging.FilmOfSequence(films, Grid.IdxX);
        var film = films[index];
        var firstOfGroup = (Grid.IdxX - film.FirstSequence) * Group.DimX;
        JpegStaging.StageTable(film, entries, table);
        JpegStaging.StageWords(film, firstOfGroup, words, staged);
        Group.Barrier();

        var subsequence = firstOfGroup + Group.IdxX;
        if (subsequence >= film.Subsequences) return;
        var segment = JpegSubsequence.SegmentOf(segments, film, subsequence);
        var first = JpegSubsequence.FirstOf(segments, film, segment);
        var start = subsequence == first
            ? 0
            : JpegSubsequence.Start(JpegSubsequence.End(states[film.FirstSubsequence + subsequence - 1]));

        // A segment is whole rows; what it has beyond them (padding of its last byte, rubbish) is nobody's.
        var sample = segment * film.RowsPerSegment * film.Columns;
        var samples = IntrinsicMath.Min(film.RowsPerSegment * film.Columns, film.Rows * film.Columns - sample);
        var position = positions[film.FirstSubsequence + subsequence] - positions[film.FirstSubsequence + first];
        var room = IntrinsicMath.Max(samples - position, 0);
        var state = JpegSubsequence.Decode(
            staged, Group.IdxX * film.SubsequenceWords, 5, table, film.LongFirst, film.LongCount, start, 32 * film.SubsequenceWords,
            JpegSubsequence.BitsFrom(segments, film, segment, subsequence), differences, film.FirstDifference + sample + position, room);
        var isLast = subsequence + 1 == JpegSubsequence.FirstOf(segments, film, segment + 1);
        if (JpegSubsequence.Count(state) < room && (isLast || JpegSubsequence.IsDead(state)))
            Atomic.Or(ref faults[index], (int)JpegDeviceFault.Damaged);
    }
}
