using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>First of the kernels: every sub-sequence of a batch is decoded, and those of a group agree on where codes begin.</summary>
/// <remarks><code>
/// stream      │ . . code │ code . . │ ...     each thread a sub-sequence; where the first code begins in it is a guess
/// threads     0 ──────&gt; 1 ──────&gt; 2           round: take the end of the one before as start, decode again if that is another
/// </code>
/// After round k at the latest the first k threads are right, if the first one is; mostly all are after two or three, as decoders that
/// started wrong soon fall into step. The first thread of a group guesses until <see cref="JpegJoinKernel"/> knows.</remarks>
public static class JpegSynchroniseKernel
{
    /// <summary>Explicitly grouped; a group a sequence: as many sub-sequences as the group has threads.</summary>
    /// <param name="films">[N].</param>
    /// <param name="words">The slab.</param>
    /// <param name="entries">The same memory.</param>
    /// <param name="segments">The same memory.</param>
    /// <param name="states">State of each sub-sequence of the batch; written completely.</param>
    /// <param name="starts">Start that each sequence was decoded from; written completely.</param>
    public static void Execute(
        ArrayView<JpegDeviceFilm> films, ArrayView<uint> words, ArrayView<ushort> entries, ArrayView<int> segments,
        ArrayView<int> states, ArrayView<int> starts)
    {
        var table = SharedMemory.Allocate1D<ushort>(JpegCodeTable.Length);
        var staged = SharedMemory.Allocate1D<uint>(JpegSubsequence.StagedLength);
        var ends = SharedMemory.Allocate1D<int>(JpegSubsequence.LargestGroup);
        var film = films[JpegStaging.FilmOfSequence(films, Grid.IdxX)];
        var firstOfGroup = (Grid.IdxX - film.FirstSequence) * Group.DimX;
        JpegStaging.StageTable(film, entries, table);
        JpegStaging.StageWords(film, firstOfGroup, words, staged);
        Group.Barrier();

        var subsequence = IntrinsicMath.Min(firstOfGroup + Group.IdxX, film.Subsequences - 1);
        var segment = JpegSubsequence.SegmentOf(segments, film, subsequence);
        var limit = JpegSubsequence.BitsFrom(segments, film, segment, subsequence);
        var isThere = firstOfGroup + Group.IdxX < film.Subsequences;
        var isFirst = Group.IdxX == 0 || JpegSubsequence.FirstOf(segments, film, segment) == subsequence;

        var (start, state) = (0, 0);
        var isMoved = isThere;
        for (var round = 0; round < Group.DimX; round++)
        {
            if (isMoved)
            {
                state = JpegSubsequence.Decode(
                    staged, Group.IdxX * film.SubsequenceWords, 5, table, film.LongFirst, film.LongCount, start,
                    32 * film.SubsequenceWords, limit, default, 0, 0);
                ends[Group.IdxX] = JpegSubsequence.End(state);
            }

            Group.Barrier();
            var now = isFirst ? 0 : JpegSubsequence.Start(ends[Group.IdxX - 1]);
            isMoved = isThere && now != start;
            start = now;
            if (!Group.BarrierOr(isMoved)) break; // and all have read before the next round writes
        }

        if (isThere) states[film.FirstSubsequence + subsequence] = state;
        if (Group.IdxX == 0) starts[Grid.IdxX] = 0;
    }
}
