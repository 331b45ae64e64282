using BulkImplantScan.Dicom.Codecs;
using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>A Huffman table of JPEG lossless for a device: the next 16 bits of the stream to one entry, by one look or two.</summary>
/// <remarks><code>
/// entry: │ bits of code and difference (5) │ category (5) │ bits of the code (5) │, 0: no code
/// table: │ by the first 10 bits: 1024 entries │ by all 16 bits, from LongFirst on: LongCount entries │
/// </code>
/// Codes longer than ten bits come last in the order of codes (T.81 annex C): they lie together, and at most 17 of them fill at most
/// 17 blocks of 64. So the second look needs no search. 4 KiB, where one table of all 16 bits would be 128 KiB.</remarks>
public static class JpegCodeTable
{
    /// <summary>Bits of the first look.</summary>
    public const int ShortBits = 10;

    /// <summary>Entries of a table.</summary>
    public const int Length = (1 << ShortBits) + MostCodes * BlockLength;

    private const int MaxCodeBits = 16;
    private const int BlockLength = 1 << MaxCodeBits - ShortBits;
    private const int MostCodes = 17; // categories 0 to 16
    private const int NoDifferenceBits = 16; // the category that has none behind its code (H.1.2.2)

    /// <summary>The entry of the code that <paramref name="window"/> begins with; 0 when it begins with none.</summary>
    /// <param name="table"><see cref="Length"/> entries.</param>
    /// <param name="longFirst">As <see cref="Fill"/> gave it.</param>
    /// <param name="longCount">Likewise.</param>
    /// <param name="window">The next 32 bits of the stream.</param>
    public static int Find(ArrayView<ushort> table, int longFirst, int longCount, uint window)
    {
        int entry = table[(int)(window >> 32 - ShortBits)];
        if (entry != 0) return entry;
        var place = (int)(window >> 16) - longFirst;
        return place >= 0 && place < longCount ? table[(1 << ShortBits) + place] : 0;
    }

    /// <summary>Bits of a code and of the difference behind it, 1 to 31.</summary>
    public static int Bits(int entry) => entry >> 10;

    /// <summary>The difference, modulo 2^16 (T.81 F.2.2.1, EXTEND; H.1.2.2).</summary>
    /// <param name="entry">Of the code that <paramref name="window"/> begins with.</param>
    /// <param name="window">The next 32 bits of the stream.</param>
    public static int Difference(int entry, uint window)
    {
        var category = entry >> 5 & 31;
        if (category == 0) return 0;
        if (category == NoDifferenceBits) return 32768;
        var value = (int)(window << (entry & 31) >> 32 - category);
        return value < 1 << category - 1 ? value - (1 << category) + 1 : value;
    }

    /// <summary>Lays out a table of the host.</summary>
    /// <param name="source">Built from a stream, so its codes fit the code space.</param>
    /// <param name="target"><see cref="Length"/> entries.</param>
    internal static (int LongFirst, int LongCount) Fill(JpegDifferenceTable source, Span<ushort> target)
    {
        target.Clear();
        int code = 0, symbol = 0, longFirst = 0, longCount = 0;
        for (var length = 1; length <= MaxCodeBits; length++, code <<= 1)
            for (var i = 0; i < source.Counts[length - 1]; i++, code++)
            {
                int category = source.Symbols[symbol++];
                var bits = length + (category == NoDifferenceBits ? 0 : category);
                var entry = (ushort)(bits << 10 | category << 5 | length);
                if (length <= ShortBits)
                {
                    target.Slice(code << ShortBits - length, 1 << ShortBits - length).Fill(entry);
                    continue;
                }

                var first = code << MaxCodeBits - length;
                if (longCount == 0) longFirst = first / BlockLength * BlockLength;
                longCount = (first / BlockLength + 1) * BlockLength - longFirst;
                target.Slice((1 << ShortBits) + first - longFirst, 1 << MaxCodeBits - length).Fill(entry);
            }

        return (longFirst, longCount);
    }
}
