using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Pictures;

/// <summary>A row of packed samples as numbers.</summary>
internal static class SampleRow
{
    /// <summary>Unpacks samples.</summary>
    /// <param name="bytes">At least what the samples need.</param>
    /// <param name="bits">1, 2, 4 (the first in the highest bits), 8 or 16.</param>
    /// <param name="isBigEndian">Order of the bytes of 16 bits.</param>
    /// <param name="values">Filled.</param>
    public static void Unpack(ReadOnlySpan<byte> bytes, int bits, bool isBigEndian, Span<ushort> values)
    {
        switch (bits)
        {
            case 16:
                var words = MemoryMarshal.Cast<byte, ushort>(bytes)[..values.Length];
                if (isBigEndian == BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, values);
                else words.CopyTo(values);
                break;
            case 8:
                for (var i = 0; i < values.Length; i++) values[i] = bytes[i];
                break;
            default:
                var (perByte, mask) = (8 / bits, (1 << bits) - 1);
                for (var i = 0; i < values.Length; i++)
                    values[i] = (ushort)(bytes[i / perByte] >> (8 - bits - i % perByte * bits) & mask);
                break;
        }
    }
}
