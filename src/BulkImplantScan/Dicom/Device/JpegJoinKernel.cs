using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>Second kernel: sequences of a film agree where each begins; then every sub-sequence gets the place of its first sample.</summary>
/// <remarks>A thread a sequence: it decodes again from the true start, until an end is the one that was there: from there on its
/// sub-sequences were right. All read the ends of the sequences before theirs first, and then decode: so the count of rounds, and with it whether
/// a film is left to the processor, is the film's, and not the scheduler's.</remarks>
public static class JpegJoinKernel
{
    /// <summary>Rounds at most. Real films take two or three; streams made so that decoders never fall into step would keep one thread of
    /// the device decoding for the whole film.</summary>
    public const int MostRounds = 16;

    // In the start of a sequence: it is not that which its states come from yet.
    private const int IsNew = 32;

    /// <summary>Explicitly grouped, by as many threads as <see cref="JpegSynchroniseKernel"/>; a group a film.</summary>
    /// <param name="films">[N].</param>
    /// <param name="words">The slab.</param>
    /// <param name="entries">The same memory.</param>
    /// <param name="segments">The same memory.</param>
    /// <param name="states">State of each sub-sequence of the batch.</param>
    /// <param name="starts">Start that each sequence was decoded from.</param>
    /// <param name="positions">Codes of the film before each sub-sequence; written completely.</param>
    /// <param name="faults">Status word of each film.</param>
    public static void Execute(
        ArrayView<JpegDeviceFilm> films, ArrayView<uint> words, ArrayView<ushort> entries, ArrayView<int> segments,
        ArrayView<int> states, ArrayView<int> starts, ArrayView<int> positions, ArrayView<int> faults)
    {
        var table = SharedMemory.Allocate1D<ushort>(JpegCodeTable.Length);
        var sums = SharedMemory.Allocate1D<int>(JpegSubsequence.LargestGroup);
        var film = films[Grid.IdxX];
        JpegStaging.StageTable(film, entries, table);
        Group.Barrier();

        var filmStates = states.SubView(film.FirstSubsequence, film.Subsequences);
        var sequences = (film.Subsequences + Group.DimX - 1) / Group.DimX;
        var isMoved = true;
        for (var round = 0; isMoved && round < MostRounds; round++)
        {
            var isMine = false;
            for (var sequence = Group.IdxX; sequence < sequences; sequence += Group.DimX)
                isMine |= Look(film, sequence, segments, filmStates, starts);
            isMoved = Group.BarrierOr(isMine);
            for (var sequence = Group.IdxX; sequence < sequences; sequence += Group.DimX)
                Join(film, sequence, words, table, segments, filmStates, starts);
            Group.Barrier();
        }

        if (isMoved && Group.IdxX == 0) Atomic.Or(ref faults[Grid.IdxX], (int)JpegDeviceFault.NotSynchronised);

        var before = 0;
        for (var tile = 0; tile < film.Subsequences; tile += Group.DimX)
        {
            var subsequence = tile + Group.IdxX;
            var count = subsequence < film.Subsequences ? JpegSubsequence.Count(filmStates[subsequence]) : 0;
            var sum = GroupSum.Inclusive(sums, count);
            if (subsequence < film.Subsequences) positions[film.FirstSubsequence + subsequence] = before + sum - count;
            before += sums[Group.DimX - 1];
            Group.Barrier();
        }
    }

    /// <summary>Whether a sequence begins elsewhere than it was decoded from.</summary>
    private static bool Look(JpegDeviceFilm film, int sequence, ArrayView<int> segments, ArrayView<int> states, ArrayView<int> starts)
    {
        var first = sequence * Group.DimX;
        if (JpegSubsequence.FirstOf(segments, film, JpegSubsequence.SegmentOf(segments, film, first)) == first) return false; // known
        var start = JpegSubsequence.Start(JpegSubsequence.End(states[first - 1]));
        if (start == starts[film.FirstSequence + sequence]) return false;
        starts[film.FirstSequence + sequence] = start | IsNew;
        return true;
    }

    /// <summary>Decodes the first sub-sequences of a sequence again, if it begins elsewhere.</summary>
    private static void Join(
        JpegDeviceFilm film, int sequence, ArrayView<uint> words, ArrayView<ushort> table, ArrayView<int> segments,
        ArrayView<int> states, ArrayView<int> starts)
    {
        var start = starts[film.FirstSequence + sequence];
        if ((start & IsNew) == 0) return;
        start -= IsNew;
        starts[film.FirstSequence + sequence] = start;
        var first = sequence * Group.DimX;
        var segment = JpegSubsequence.SegmentOf(segments, film, first);
        var end = IntrinsicMath.Min(first + Group.DimX, JpegSubsequence.FirstOf(segments, film, segment + 1));
        for (var subsequence = first; subsequence < end; subsequence++)
        {
            var state = JpegSubsequence.Decode(
                words.SubView(film.FirstWord), subsequence * film.SubsequenceWords, 31, table, film.LongFirst, film.LongCount, start,
                32 * film.SubsequenceWords, JpegSubsequence.BitsFrom(segments, film, segment, subsequence), default, 0, 0);
            var old = JpegSubsequence.End(states[subsequence]);
            states[subsequence] = state;
            if (JpegSubsequence.End(state) == old) break;
            start = JpegSubsequence.Start(JpegSubsequence.End(state));
        }
    }
}
