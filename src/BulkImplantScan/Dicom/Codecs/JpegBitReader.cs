using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Entropy-coded bytes of JPEG as bits, stuffed zero bytes left out; stops before a marker.</summary>
/// <remarks>Behind the last byte it gives zero bits and counts them, so that the loop above need not ask at each sample:
/// <see cref="IsOverrun"/> tells after a row.</remarks>
internal ref struct JpegBitReader(ReadOnlySpan<byte> source, int position)
{
    /// <summary>All bytes of the frame.</summary>
    public readonly ReadOnlySpan<byte> Source = source;

    /// <summary>Next byte to be taken.</summary>
    public int Position = position;

    /// <summary>Bits taken and not yet used, the next one highest.</summary>
    public ulong Bits;

    /// <summary>How many.</summary>
    public int Count;

    private int _made;

    /// <summary>More bits were used than there are.</summary>
    public readonly bool IsOverrun => _made > Count;

    /// <summary>No byte is left, not even a marker.</summary>
    public readonly bool IsAtEnd => Position >= Source.Length - 1;

    /// <summary>Takes eight bytes at once where none of them can be a marker or be stuffed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(ReadOnlySpan<byte> source, scoped ref int position, scoped ref ulong bits, scoped ref int count)
    {
        if (position > source.Length - 8) return false;
        var word = BinaryPrimitives.ReadUInt64BigEndian(source[position..]);
        if (((~word - 0x0101010101010101) & word & 0x8080808080808080) != 0) return false; // an FF in it

        // Bits of a byte that is only partly there stay: the next word brings the same ones to the same place.
        bits |= word >> count;
        var bytes = 64 - count >> 3;
        position += bytes;
        count += bytes << 3;
        return true;
    }

    /// <summary>Fills up byte by byte.</summary>
    public void Refill()
    {
        while (Count <= 56)
        {
            if (Position < Source.Length && Source[Position] != 0xFF)
            {
                Bits |= (ulong)Source[Position++] << 56 - Count;
            }
            else if (Position + 1 < Source.Length && Source[Position + 1] == 0)
            {
                Bits |= 0xFFUL << 56 - Count;
                Position += 2;
            }
            else
            {
                _made += 8;
            }

            Count += 8;
        }
    }

    /// <summary>Drops what is left before the next marker and moves to its 0xFF.</summary>
    /// <returns>False when there is none.</returns>
    public bool TrySeekMarker()
    {
        (Bits, Count, _made) = (0, 0, 0);
        for (; Position + 1 < Source.Length; Position++)
            if (Source[Position] == 0xFF && Source[Position + 1] is not (0 or 0xFF)) return true;
        return false;
    }
}
