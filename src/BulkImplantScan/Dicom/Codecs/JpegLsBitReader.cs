using System.Numerics;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Entropy-coded bytes of JPEG-LS as bits: behind a byte 0xFF the highest bit of the next one is stuffed (ITU-T T.87 C.2.2,
/// unlike the stuffed byte of T.81); stops before a marker.</summary>
/// <remarks>Behind the last byte it gives zero bits and counts them, so that the loop above need not ask at each sample:
/// <see cref="IsOverrun"/> tells after a row.</remarks>
internal ref struct JpegLsBitReader(ReadOnlySpan<byte> source, int position)
{
    /// <summary>All bytes of the frame.</summary>
    public readonly ReadOnlySpan<byte> Source = source;

    /// <summary>Next byte to be taken; never the one behind a 0xFF that was taken.</summary>
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

    /// <summary>Fills up to at least 49 bits.</summary>
    public void Refill()
    {
        while (Count <= 48)
        {
            if (Position < Source.Length && Source[Position] != 0xFF)
            {
                Bits |= (ulong)Source[Position++] << 56 - Count;
                Count += 8;
            }
            else if (Position + 1 < Source.Length && Source[Position + 1] < 0x80)
            {
                Bits |= (0xFFUL << 7 | Source[Position + 1]) << 49 - Count;
                Position += 2;
                Count += 15;
            }
            else
            {
                _made += 8;
                Count += 8;
            }
        }
    }

    /// <summary>The next <paramref name="length"/> bits, 0 to 16.</summary>
    public int Read(int length)
    {
        if (Count < length) Refill();
        var value = length == 0 ? 0 : (int)(Bits >> 64 - length);
        Bits <<= length;
        Count -= length;
        return value;
    }

    /// <summary>A code of limited length (T.87 A.5.3): zeros, a one, <paramref name="k"/> bits; or too many zeros and the value.</summary>
    /// <param name="k">Golomb parameter, 0 to 16.</param>
    /// <param name="longest">Zeros that say that the value follows in <paramref name="escapeBits"/> bits: LIMIT − qbpp − 1.</param>
    /// <param name="escapeBits">qbpp.</param>
    /// <returns>The mapped error; −1 when there are more zeros than any code has.</returns>
    public int ReadCode(int k, int longest, int escapeBits)
    {
        var zeros = 0;
        while (true)
        {
            if (Count <= 48) Refill();
            var leading = BitOperations.LeadingZeroCount(Bits);
            if (leading < Count)
            {
                zeros += leading;
                Bits = Bits << leading << 1;
                Count -= leading + 1;
                break;
            }

            zeros += Count;
            (Bits, Count) = (0, 0);
            if (zeros > longest) return -1;
        }

        if (zeros < longest) return (zeros << k) + Read(k);
        return zeros == longest ? Read(escapeBits) + 1 : -1;
    }

    /// <summary>Drops what is left before the next marker and moves to its 0xFF.</summary>
    /// <returns>False when there is none.</returns>
    public bool TrySeekMarker()
    {
        (Bits, Count, _made) = (0, 0, 0);
        for (; Position + 1 < Source.Length; Position++)
            if (Source[Position] == 0xFF && Source[Position + 1] is >= 0x80 and not 0xFF) return true;
        return false;
    }
}
