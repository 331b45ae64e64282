namespace BulkImplantScan.Dicom.Codecs;

/// <summary>A Huffman table of lossless JPEG (T.81 annex C, H.1.2.2), laid out so that one look gives a whole difference.</summary>
/// <remarks>A code names how many bits follow (0 to 16); those are the difference. Code and bits together mostly fit into the
/// twelve bits of the table's index: then the entry holds the difference itself. Wider tables leave the first-level cache.</remarks>
internal sealed class JpegDifferenceTable
{
    /// <summary>Bits of the index.</summary>
    public const int LookupBits = 12;

    /// <summary>Set in an entry that does not hold the difference itself.</summary>
    public const int IsPartial = 0x100;

    private const int MaxCodeBits = 16;
    private const int MaxCategory = 16;

    private readonly int[] _lookup = new int[1 << LookupBits];
    private readonly int[] _lastCode = new int[MaxCodeBits + 1];
    private readonly int[] _firstSymbol = new int[MaxCodeBits + 1];
    private readonly byte[] _symbols = new byte[MaxCategory + 1];
    private readonly byte[] _counts = new byte[MaxCodeBits];

    /// <summary>The table was defined in this frame.</summary>
    public bool IsDefined { get; set; }

    /// <summary>By the next <see cref="LookupBits"/> bits. Low byte: bits to consume. High half: the difference; of a partial
    /// entry, the count of bits that follow. A partial entry that consumes nothing: the code is longer, or none.</summary>
    public ReadOnlySpan<int> Lookup => _lookup;

    /// <summary>Codes of each length, 1 to 16.</summary>
    public ReadOnlySpan<byte> Counts => _counts;

    /// <summary>Their categories, in the order of the codes; as many as the counts say.</summary>
    public ReadOnlySpan<byte> Symbols => _symbols;

    /// <summary>Fills the table from a DHT segment's counts and symbols.</summary>
    /// <param name="counts">16: codes of each length.</param>
    /// <param name="symbols">As many as the counts say.</param>
    /// <returns>False when counts overflow the code space, or a symbol is no category.</returns>
    public bool TryBuild(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        IsDefined = false;
        if (symbols.Length > _symbols.Length) return false;
        symbols.CopyTo(_symbols);
        counts.CopyTo(_counts);
        Array.Fill(_lookup, IsPartial);

        int code = 0, symbol = 0;
        for (var length = 1; length <= MaxCodeBits; length++, code <<= 1)
        {
            _firstSymbol[length] = symbol - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, symbol++)
            {
                if (code >= 1 << length || symbols[symbol] > MaxCategory) return false;
                if (length <= LookupBits) Enter(code, length, symbols[symbol]);
            }

            _lastCode[length] = code - 1;
        }

        return IsDefined = symbol == symbols.Length;
    }

    /// <summary>Finds a code that is longer than the index.</summary>
    /// <param name="bits">The next 16 bits.</param>
    /// <param name="length">Bits of the code.</param>
    /// <param name="category">How many bits follow.</param>
    /// <returns>False when it is no code.</returns>
    public bool TryFindLong(int bits, out int length, out int category)
    {
        for (length = LookupBits + 1; length <= MaxCodeBits; length++)
        {
            var code = bits >> MaxCodeBits - length;
            var symbol = _firstSymbol[length] + code;
            if (code > _lastCode[length] || symbol < 0 || symbol >= _symbols.Length) continue;
            category = _symbols[symbol];
            return true;
        }

        category = 0;
        return false;
    }

    /// <summary>The difference that <paramref name="value"/> stands for (T.81 F.2.2.1, EXTEND).</summary>
    public static int Extend(int value, int category) =>
        category == MaxCategory ? 32768
        : category == 0 ? 0
        : value < 1 << category - 1 ? value - (1 << category) + 1
        : value;

    private void Enter(int code, int length, int category)
    {
        var free = LookupBits - length;
        var first = code << free;
        var following = category == MaxCategory ? 0 : category; // 32768 has no bits behind its code (H.1.2.2)
        for (var rest = 0; rest < 1 << free; rest++)
        {
            _lookup[first + rest] = following <= free
                ? Extend(rest >> free - following, category) << 16 | length + following
                : category << 16 | IsPartial | length;
        }
    }
}
