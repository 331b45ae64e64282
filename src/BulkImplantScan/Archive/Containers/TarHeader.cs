using System.Buffers.Binary;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Header block of a tar (POSIX.1-1988 ustar, v7, GNU).</summary>
/// <param name="Type">The type flag.</param>
/// <param name="Bytes">Size of what follows; −1 when it is no number, or negative.</param>
internal readonly record struct TarHeader(byte Type, long Bytes)
{
    public const int BlockBytes = 512;

    /// <summary>True when the block's check sum is right: what v7 tars, which have no magic number, are known by as well.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block)
    {
        if (block.Length < BlockBytes || Number(block.Slice(148, 8)) is not { } declared) return false;
        var (unsigned, signed) = (0, 0); // the sum over signed bytes is that of some old writers
        for (var i = 0; i < BlockBytes; i++)
        {
            var value = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        return declared == unsigned || declared == signed;
    }

    /// <summary>Reads a block for which <see cref="IsHeader"/> holds.</summary>
    public static TarHeader Read(ReadOnlySpan<byte> block) => new(block[156], Number(block.Slice(124, 12)) ?? -1);

    /// <summary>The name, with the prefix that ustar splits off a long one.</summary>
    public static byte[] Name(ReadOnlySpan<byte> block)
    {
        var name = Text(block[..100]);
        var isUstar = block[257..].StartsWith("ustar\0"u8); // GNU's "ustar  " keeps other things in the place of the prefix
        var prefix = isUstar ? Text(block.Slice(345, 155)) : default;
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    /// <summary>Text up to the first NUL.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    // Octal digits between blanks and NULs, or (GNU) binary when the first bit is set. Null when it is neither or negative.
    private static long? Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            // Base 256, big endian, 2's complement: the bytes above the last eight must be zero.
            if (field.Length < 9 || (field[0] & 0x7F) != 0 || field[1..^8].ContainsAnyExcept((byte)0)) return null;
            var value = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
            return value < 0 ? null : value;
        }

        var digits = field.Trim(" \0"u8);
        var sum = 0L;
        foreach (var digit in digits)
        {
            if (digit is 0 or (byte)' ') break; // what an old writer left behind the end
            if (digit is < (byte)'0' or > (byte)'7') return null;
            sum = (sum << 3) + (digit - '0'); // 12 digits at most: 36 bits
        }

        return sum;
    }
}
