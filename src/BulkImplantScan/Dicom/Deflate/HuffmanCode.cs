using System.Diagnostics;

namespace BulkImplantScan.Dicom.Deflate;

/// <summary>One Huffman code of a deflated block (RFC 1951 §3.2.2), made from the lengths of its codes.</summary>
/// <remarks>Accepts the codes that zlib accepts: no code space given twice, all of it given, but for a code of a single bit or of none,
/// which writers make when a block has one distance or no match.</remarks>
/// <param name="indexBits">Codes up to this length are found by one look into <see cref="Lookup"/>.</param>
/// <param name="maxSymbols">Most lengths that <see cref="TryBuild"/> is given.</param>
internal sealed class HuffmanCode(int indexBits, int maxSymbols)
{
    /// <summary>Longest code.</summary>
    public const int MaxBits = 15;

    /// <summary>Place of the symbol in an entry.</summary>
    public const int SymbolShift = 4;

    /// <summary>Place of the length in an entry.</summary>
    public const int LengthMask = 15;

    private readonly ushort[] _lookup = new ushort[1 << indexBits];
    private readonly ushort[] _sorted = new ushort[maxSymbols]; // by length, then by symbol
    private readonly int[] _counts = new int[MaxBits + 1];
    private readonly int[] _places = new int[MaxBits + 1];

    /// <summary>By the next bits of the stream, first bit lowest: symbol and length of the code. Zero: the code is longer, or none.</summary>
    public ReadOnlySpan<ushort> Lookup => _lookup;

    /// <summary>Makes the code.</summary>
    /// <param name="lengths">Bits of each symbol's code, 0 to 15; 0: the symbol has none.</param>
    /// <param name="isWhole">A code of a single bit or of none will not do.</param>
    /// <returns>False when the lengths make no code; the table is of no use then.</returns>
    public bool TryBuild(ReadOnlySpan<byte> lengths, bool isWhole = false)
    {
        Debug.Assert(lengths.Length <= _sorted.Length);
        Array.Clear(_counts);
        foreach (var length in lengths) _counts[length]++;
        _counts[0] = 0;

        int free = 1, longest = 0, symbols = 0;
        for (var length = 1; length <= MaxBits; length++)
        {
            free = 2 * free - _counts[length];
            if (free < 0) return false;
            if (_counts[length] > 0) longest = length;
            _places[length] = symbols;
            symbols += _counts[length];
        }

        if (free > 0 && (longest > 1 || isWhole)) return false;
        for (var symbol = 0; symbol < lengths.Length; symbol++)
            if (lengths[symbol] > 0) _sorted[_places[lengths[symbol]]++] = (ushort)symbol;
        Fill();
        return true;
    }

    /// <summary>Finds the code that <paramref name="bits"/> begin with.</summary>
    /// <param name="bits">The stream's next bits, first bit lowest, zeros where there are no more.</param>
    /// <param name="symbol">The code's symbol.</param>
    /// <returns>Bits of the code; 0 when it is none. May be more than there are bits.</returns>
    public int Find(ulong bits, out int symbol)
    {
        var entry = _lookup[(int)bits & (_lookup.Length - 1)];
        symbol = entry >> SymbolShift;
        if (entry != 0) return entry & LengthMask;

        // Codes of a length follow each other, and those of a bit more begin behind them.
        int code = 0, first = 0, place = 0;
        for (var length = 1; length <= MaxBits; length++, bits >>= 1)
        {
            code = code << 1 | (int)(bits & 1);
            first <<= 1;
            if (code - first < _counts[length])
            {
                symbol = _sorted[place + code - first];
                return length;
            }

            first += _counts[length];
            place += _counts[length];
        }

        return 0;
    }

    /// <summary>Length by length: the table of the codes so far, of half the size, is that of a bit more twice over.</summary>
    private void Fill()
    {
        var table = _lookup.AsSpan();
        table[0] = 0;
        int code = 0, place = 0; // the code with its first bit lowest, as the stream has it
        for (var length = 1; length <= indexBits; length++)
        {
            var half = 1 << length - 1;
            table[..half].CopyTo(table[half..]);
            for (var i = 0; i < _counts[length]; i++)
            {
                table[code] = (ushort)(_sorted[place++] << SymbolShift | length);
                var carry = half;
                while ((code & carry) != 0) carry >>= 1;
                code = carry == 0 ? 0 : code & carry - 1 | carry; // 0 behind the last code of all: none follows
            }
        }
    }
}
