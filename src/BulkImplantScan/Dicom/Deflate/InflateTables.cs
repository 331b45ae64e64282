namespace BulkImplantScan.Dicom.Deflate;

/// <summary>The codes of the block that an <see cref="Inflater"/> stands in, and what its fast loop looks up: whole steps.</summary>
/// <remarks>Films deflate to matches of three to five bytes with a literal or none between them, so that whether a literal or a match
/// comes next is a coin's toss, and a branch on it mispredicted twice a match. A step has up to two literals and then the length of
/// a match or none, as far as twelve bits hold them: literals are stored without asking how many there are.</remarks>
internal sealed class InflateTables
{
    /// <summary>Bits of the index of <see cref="Steps"/>. Eleven rarely hold a literal and a length, thirteen leave the first-level cache.</summary>
    public const int StepBits = 12;

    /// <summary>Bits of the index of <see cref="Distances"/>.</summary>
    public const int DistanceBits = 10;

    /// <summary>First bit of the count of literals in a step; the bits of the stream that it takes are below.</summary>
    public const int CountShift = 6;

    /// <summary>First of the eight bits that hold the match's length less <see cref="LengthBias"/>, or 0.</summary>
    public const int LengthShift = 8;

    /// <summary>So that the shortest match, 3, is not 0.</summary>
    public const int LengthBias = 2;

    /// <summary>First bit of the literals in a step, of the base in a distance.</summary>
    public const int ValueShift = 16;

    /// <summary>First bit of the length of a distance's code; the bits of code and distance together are below.</summary>
    public const int DistanceCodeShift = 8;

    /// <summary>Literal and length symbols of the fixed code; the last two are never used (RFC 1951 §3.2.6).</summary>
    public const int MaxLiterals = 288;

    /// <summary>Distance symbols of the fixed code; the last two are never used.</summary>
    public const int MaxDistances = 32;

    private const int EndOfBlock = 256;

    // Some 40 KiB that a thread fills anew for each block: not worth a pool, too much to allocate for each film.
    [ThreadStatic]
    private static InflateTables? t_tables;

    private readonly uint[] _steps = new uint[1 << StepBits];
    private readonly uint[] _distances = new uint[1 << DistanceBits];
    private bool _isFixed;

    /// <summary>Those of this thread, for one stream at a time.</summary>
    public static InflateTables OfThread => t_tables ??= new();

    /// <summary>Added to by <see cref="LengthExtraBits"/>; symbols 257 to 285.</summary>
    public static ReadOnlySpan<ushort> LengthBases =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    /// <summary>Bits that follow the code.</summary>
    public static ReadOnlySpan<byte> LengthExtraBits => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    /// <summary>Added to by <see cref="DistanceExtraBits"/>; symbols 0 to 29.</summary>
    public static ReadOnlySpan<ushort> DistanceBases =>
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];

    /// <summary>Bits that follow the code.</summary>
    public static ReadOnlySpan<byte> DistanceExtraBits =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>Codes of the lengths that the other two codes are made from.</summary>
    public HuffmanCode CodeLengths { get; } = new(7, 19);

    /// <summary>Literals, end of block, lengths of matches.</summary>
    public HuffmanCode LiteralCode { get; } = new(StepBits, MaxLiterals);

    /// <summary>Distances of matches.</summary>
    public HuffmanCode DistanceCode { get; } = new(DistanceBits, MaxDistances);

    /// <summary><see cref="Pack"/> was called since the codes were made.</summary>
    public bool IsPacked { get; private set; }

    /// <summary>By the next <see cref="StepBits"/> bits; zero where they begin with what is no step: a longer code, one whose extra
    /// bits do not fit, a match of 258, the end of the block, no code.</summary>
    public ReadOnlySpan<uint> Steps => _steps;

    /// <summary>By the next <see cref="DistanceBits"/> bits; zero where the code is longer, or none.</summary>
    public ReadOnlySpan<uint> Distances => _distances;

    /// <summary>Makes the codes of a block that brings its own.</summary>
    /// <param name="lengths">Bits of each code: literals and lengths, then distances.</param>
    /// <param name="literals">How many are of the first kind.</param>
    /// <returns>False when they are none, or the block could not end.</returns>
    public bool TryBuild(ReadOnlySpan<byte> lengths, int literals)
    {
        (_isFixed, IsPacked) = (false, false);
        return lengths[EndOfBlock] > 0 && LiteralCode.TryBuild(lengths[..literals]) && DistanceCode.TryBuild(lengths[literals..]);
    }

    /// <summary>Makes the codes of a block that has the fixed ones. Kept while blocks of that kind follow: each may be ten bits long.</summary>
    public void BuildFixed()
    {
        if (_isFixed) return;
        Span<byte> lengths = stackalloc byte[MaxLiterals + MaxDistances];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..MaxLiterals].Fill(8);
        lengths[MaxLiterals..].Fill(5);
        TryBuild(lengths, MaxLiterals);
        _isFixed = true;
    }

    /// <summary>Fills <see cref="Steps"/> and <see cref="Distances"/>.</summary>
    public void Pack()
    {
        IsPacked = true;
        PackSteps();
        PackDistances();
    }

    private void PackSteps()
    {
        // What follows a literal was packed before: its bits are fewer, so its index is lower. It is taken where none of its
        // bits is one that the literal's index has not.
        var codes = LiteralCode.Lookup;
        var steps = _steps.AsSpan();
        steps[0] = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            var code = codes[i];
            int symbol = code >> HuffmanCode.SymbolShift, taken = code & HuffmanCode.LengthMask;
            if (symbol >= EndOfBlock)
            {
                steps[i] = Match(i, symbol, taken);
                continue;
            }

            if (code == 0)
            {
                steps[i] = 0;
                continue;
            }

            var rest = steps[i >> taken];
            var together = taken + (int)(rest & (1 << CountShift) - 1);
            if (rest != 0 && together <= StepBits && (rest >> CountShift & 3) < 2)
            {
                steps[i] = (uint)taken + rest + (1 << CountShift) + (rest & 0xFFu << ValueShift) * 255 + ((uint)symbol << ValueShift);
                continue;
            }

            var (next, more) = (codes[i >> taken] >> HuffmanCode.SymbolShift, codes[i >> taken] & HuffmanCode.LengthMask);
            steps[i] = more != 0 && next < EndOfBlock && taken + more <= StepBits
                ? (uint)(taken + more | 2 << CountShift | symbol << ValueShift | next << ValueShift + 8)
                : (uint)(taken | 1 << CountShift | symbol << ValueShift);
        }
    }

    /// <summary>The step of a match's length alone.</summary>
    private static uint Match(int bits, int symbol, int taken)
    {
        symbol -= EndOfBlock + 1;
        if ((uint)symbol >= (uint)LengthBases.Length) return 0;
        var extra = LengthExtraBits[symbol];
        var length = LengthBases[symbol] + (bits >> taken & (1 << extra) - 1);
        return taken + extra > StepBits || length - LengthBias > byte.MaxValue ? 0
            : (uint)(taken + extra | length - LengthBias << LengthShift);
    }

    private void PackDistances()
    {
        var codes = DistanceCode.Lookup;
        var distances = _distances.AsSpan();
        for (var i = 0; i < distances.Length; i++)
        {
            int symbol = codes[i] >> HuffmanCode.SymbolShift, taken = codes[i] & HuffmanCode.LengthMask;
            distances[i] = taken == 0 || symbol >= DistanceBases.Length ? 0
                : (uint)(taken + DistanceExtraBits[symbol] | taken << DistanceCodeShift | DistanceBases[symbol] << ValueShift);
        }
    }
}
