namespace BulkImplantScan.Tests.Dicom.Deflate;

/// <summary>Writes deflated blocks by hand, bit by bit (RFC 1951 §3.1.1), right or wrong as asked.</summary>
internal sealed class DeflateBits
{
    private static readonly int[] Order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly List<byte> _bytes = [];
    private int _free;

    public DeflateBits Bits(int value, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (_free == 0)
            {
                _bytes.Add(0);
                _free = 8;
            }

            _bytes[^1] |= (byte)((value >> i & 1) << 8 - _free--);
        }

        return this;
    }

    /// <summary>A Huffman code: its highest bit comes first.</summary>
    public DeflateBits Code(int code, int length)
    {
        for (var i = length - 1; i >= 0; i--) Bits(code >> i, 1);
        return this;
    }

    /// <summary>Header of a block of its own codes, given by the symbols that have one and their lengths.</summary>
    public DeflateBits Codes(bool isLast, (int Symbol, int Bits)[] literals, (int Symbol, int Bits)[] distances, int literalCount = 286)
    {
        var distanceCount = distances.Length == 0 ? 1 : distances.Max(code => code.Symbol) + 1;
        Bits(isLast ? 1 : 0, 1).Bits(2, 2).Bits(literalCount - 257, 5).Bits(distanceCount - 1, 5).Bits(Order.Length - 4, 4);

        // Sixteen lengths, each of a code of four bits: every symbol 0 to 15 is its own code.
        foreach (var symbol in Order) Bits(symbol < 16 ? 4 : 0, 3);
        for (var i = 0; i < literalCount; i++) Code(literals.FirstOrDefault(code => code.Symbol == i).Bits, 4);
        for (var i = 0; i < distanceCount; i++) Code(distances.FirstOrDefault(code => code.Symbol == i).Bits, 4);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
