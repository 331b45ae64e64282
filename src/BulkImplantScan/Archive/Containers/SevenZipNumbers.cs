using System.Buffers.Binary;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Reads the numbers of a 7z header; throws a <see cref="ContainerFaultException"/> where it ends early.</summary>
internal ref struct SevenZipNumbers(ReadOnlySpan<byte> header)
{
    private ReadOnlySpan<byte> _rest = header;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Left => _rest.Length;

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A number of 1 to 9 bytes: as many ones as the first byte begins with, so many bytes follow.</summary>
    /// <exception cref="ContainerFaultException">Above 2^63 - 1.</exception>
    public long Number()
    {
        var first = Byte();
        var value = 0UL;
        var mask = 0x80;
        for (var i = 0; i < 8; i++, mask >>= 1)
        {
            if ((first & mask) == 0)
            {
                value |= (ulong)(first & (mask - 1)) << (8 * i);
                break;
            }

            value |= (ulong)Byte() << (8 * i);
        }

        return value <= long.MaxValue ? (long)value : throw ContainerFaultException.Damaged("header");
    }

    /// <summary>A number that counts something of which each takes at least <paramref name="bits"/> bits of the rest.</summary>
    public int Count(int limit, int bits = 0)
    {
        var count = Number();
        if (count > limit) throw ContainerFaultException.Limit("members");
        if (count * bits > 8L * Left) throw ContainerFaultException.Damaged("header");
        return (int)count;
    }

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length) throw ContainerFaultException.Damaged("header");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    /// <summary>One bit each, first in the highest.</summary>
    public bool[] Bits(int count)
    {
        var bytes = Take((count + 7) / 8);
        var bits = new bool[count];
        for (var i = 0; i < count; i++) bits[i] = (bytes[i / 8] & (0x80 >> (i % 8))) != 0;
        return bits;
    }

    /// <summary>Bits before which a byte may say that all are set.</summary>
    public bool[] BitsOrAll(int count)
    {
        if (Byte() == 0) return Bits(count);
        var all = new bool[count];
        Array.Fill(all, true);
        return all;
    }

    /// <summary>CRC-32s, of which some may be missing.</summary>
    public uint?[] Digests(int count)
    {
        var digests = new uint?[count];
        var isThere = BitsOrAll(count);
        for (var i = 0; i < count; i++)
            if (isThere[i]) digests[i] = UInt32();
        return digests;
    }
}
