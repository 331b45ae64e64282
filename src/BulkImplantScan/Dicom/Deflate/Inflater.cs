using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Dicom.Deflate;

/// <summary>Inflates a bare deflated stream (RFC 1951) that lies in memory into memory.</summary>
/// <remarks>Our own beside .NET's stream because the output stays where it is: it is its own window, so nothing is copied through one,
/// and films get the steps of <see cref="InflateTables"/>. Where input and output have room the fast loop runs, which asks for
/// both once a step; near their ends, and for what is no step, symbols are decoded one by one. It accepts what zlib accepts.</remarks>
/// <param name="source">The stream; bytes behind its end are not looked at.</param>
/// <param name="tables">Used by no other stream until this one is done.</param>
/// <param name="first">Where in the output the stream's bytes begin.</param>
internal ref struct Inflater(ReadOnlySpan<byte> source, InflateTables tables, int first)
{
    private const int MaxMatch = 258;
    private const int MaxDynamicLiterals = 286;
    private const int MaxDynamicDistances = 30;
    private const int EndOfBlock = 256;
    private const int MostCodeLengths = 19;

    // A step writes two literals and a match, whose last vector may reach beyond it.
    private const int RoomBytes = 2 + MaxMatch + CopyBytes;
    private const int CopyBytes = 16;

    private const ulong StepMask = (1 << InflateTables.StepBits) - 1;
    private const ulong DistanceMask = (1 << InflateTables.DistanceBits) - 1;

    // Packing steps takes as long as this many symbols one by one: a file of blocks that end at once shall not pay for it.
    private const int SymbolsBeforePacking = 128;

    private readonly ReadOnlySpan<byte> _source = source;
    private readonly InflateTables _tables = tables;
    private readonly int _first = first;
    private int _at; // next byte of the source
    private ulong _bits; // bytes before it, not used yet, the stream's next bit lowest; zero above the count
    private int _count;
    private bool _isInBlock, _isLastBlock;
    private int _storedLeft; // bytes of a stored block
    private int _matchLeft, _distance; // of a match that did not find room
    private int _plainSymbols; // of this block, one by one

    /// <summary>Bytes of the output that are written, those before the stream's first counted.</summary>
    public int Written { get; private set; } = first;

    // Order of the lengths of the code of code lengths (RFC 1951 §3.2.7).
    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Goes on until the output is full or the stream over.</summary>
    /// <param name="output">Its first <see cref="Written"/> bytes are those of the call before, if in another place.</param>
    /// <param name="beyond">So many bytes more are decoded and counted in <see cref="Written"/>, and go nowhere: to see whether the
    /// stream has more than there should be. No call may follow then.</param>
    /// <returns>After anything but <see cref="InflateStatus.Full"/> no call may follow.</returns>
    public InflateStatus Inflate(Span<byte> output, int beyond = 0)
    {
        var limit = output.Length + beyond;
        while (Written < limit)
        {
            if (_matchLeft > 0)
            {
                CopyMatch(output, limit);
            }
            else if (_storedLeft > 0)
            {
                if (!TryCopyStored(output, limit)) return InflateStatus.Truncated;
            }
            else if (!_isInBlock)
            {
                if (_isLastBlock) return InflateStatus.Ended;
                if (ReadBlockHeader() is not InflateStatus.Full and var fault) return fault;
            }
            else
            {
                if (_plainSymbols >= SymbolsBeforePacking && HasRoom(output)) DecodeSteps(output);
                if (DecodeSymbol(output) is not InflateStatus.Full and var fault) return fault;
            }
        }

        return InflateStatus.Full;
    }

    private readonly bool HasRoom(ReadOnlySpan<byte> output) =>
        output.Length - Written >= RoomBytes && _source.Length - _at >= sizeof(ulong);

    /// <summary>The fast loop: whole steps, until there is no room for one or the next symbol is in none.</summary>
    private unsafe void DecodeSteps(Span<byte> output)
    {
        if (!_tables.IsPacked) _tables.Pack();
        Debug.Assert(_matchLeft == 0 && _storedLeft == 0 && HasRoom(output));
        fixed (byte* source = _source, target = output)
        fixed (uint* steps = _tables.Steps, distances = _tables.Distances)
        {
            byte* from = source + _at, lastFrom = source + _source.Length - sizeof(ulong);
            byte* to = target + Written, lastTo = target + output.Length - RoomBytes;
            var window = target + _first;
            var (bits, count) = (_bits, _count);
            Refill(ref bits, ref count, ref from);
            var step = steps[bits & StepMask];
            while (from <= lastFrom && to <= lastTo)
            {
                // Each step is looked up before the bits it leaves are filled up: they are enough for it, and the next look would wait
                // for bytes whose place is known only when this step is.
                Refill(ref bits, ref count, ref from);
                BinaryPrimitives.WriteUInt16LittleEndian(new(to, sizeof(ushort)), (ushort)(step >> InflateTables.ValueShift));
                var match = to + (step >> InflateTables.CountShift & 3);
                var rest = bits >> (int)step; // a shift looks at six bits
                var left = count - (int)(step & (1 << InflateTables.CountShift) - 1);
                var length = (int)(step >> InflateTables.LengthShift & 0xFF);
                if (length == 0)
                {
                    if (step == 0) break;
                    (bits, count) = (rest, left);
                    to = match;
                    step = steps[bits & StepMask];
                    continue;
                }

                length += InflateTables.LengthBias;
                var code = distances[rest & DistanceMask];
                var next = steps[rest >> (int)code & StepMask];
                var distanceBits = (int)(code & (1 << InflateTables.CountShift) - 1);
                var distance = (code >> InflateTables.ValueShift)
                    + (uint)((rest & ~(ulong.MaxValue << distanceBits)) >> (int)(code >> InflateTables.DistanceCodeShift & 15));
                if (code == 0 || distance > match - window) break; // and nothing of this step was taken
                if (length <= CopyBytes && length <= distance) Vector128.Store(Vector128.Load(match - distance), match);
                else CopyLong(match, (int)distance, length);
                (bits, count) = (rest >> (int)code, left - distanceBits);
                to = match + length;
                step = next;
            }

            (_bits, _count) = (bits & (1UL << count) - 1, count);
            (_at, Written) = ((int)(from - source), (int)(to - target));
        }
    }

    /// <summary>To 56 bits or more. Those of a byte that is only partly counted are there too, and come again at the same place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Refill(ref ulong bits, ref int count, ref byte* from)
    {
        bits |= BinaryPrimitives.ReadUInt64LittleEndian(new(from, sizeof(ulong))) << count;
        from += 63 - count >> 3;
        count |= 56;
    }

    /// <summary>Copies a match with room for a vector behind it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void CopyLong(byte* to, int distance, int length)
    {
        var end = to + length;
        if (distance < CopyBytes)
        {
            // A vector would read what is to be written by itself: sixteen bytes one by one, then from a multiple of the distance.
            for (var last = to + Math.Min(length, CopyBytes); to < last; to++) *to = *(to - distance);
            distance *= (CopyBytes + distance - 1) / distance;
        }

        for (; to < end; to += CopyBytes) Vector128.Store(Vector128.Load(to - distance), to);
    }

    private InflateStatus ReadBlockHeader()
    {
        if (!TryTake(3, out var header)) return InflateStatus.Truncated;
        _isLastBlock = (header & 1) != 0;
        _plainSymbols = 0;
        switch (header >> 1)
        {
            case 0:
                return ReadStoredHeader();
            case 1:
                _tables.BuildFixed();
                break;
            case 2:
                if (ReadCodes() is not InflateStatus.Full and var fault) return fault;
                break;
            default:
                return InflateStatus.Corrupt;
        }

        _isInBlock = true;
        return InflateStatus.Full;
    }

    private InflateStatus ReadStoredHeader()
    {
        TryTake(_count & 7, out _); // to the next whole byte
        if (!TryTake(16, out var length) || !TryTake(16, out var inverted)) return InflateStatus.Truncated;
        if (length != (~inverted & 0xFFFF)) return InflateStatus.Corrupt;
        _at -= _count / 8;
        (_bits, _count, _storedLeft) = (0, 0, length);
        return InflateStatus.Full;
    }

    private InflateStatus ReadCodes()
    {
        if (!TryTake(14, out var header)) return InflateStatus.Truncated;
        int literals = (header & 31) + 257, distances = (header >> 5 & 31) + 1, codeLengths = (header >> 10) + 4;
        if (literals > MaxDynamicLiterals || distances > MaxDynamicDistances) return InflateStatus.Corrupt;

        Span<byte> lengths = stackalloc byte[MaxDynamicLiterals + MaxDynamicDistances];
        lengths.Clear();
        for (var i = 0; i < codeLengths; i++)
        {
            if (!TryTake(3, out var length)) return InflateStatus.Truncated;
            lengths[CodeLengthOrder[i]] = (byte)length;
        }

        if (!_tables.CodeLengths.TryBuild(lengths[..MostCodeLengths], isWhole: true)) return InflateStatus.Corrupt;
        lengths.Clear();
        lengths = lengths[..(literals + distances)];
        for (var i = 0; i < lengths.Length;)
        {
            if (Take(_tables.CodeLengths, out var symbol) is not InflateStatus.Full and var fault) return fault;
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            // 16: the last length 3 to 6 times more; 17 and 18: 3 to 10, 11 to 138 zeros. A run may go from one code into the other.
            var (bits, least) = symbol switch { 16 => (2, 3), 17 => (3, 3), _ => (7, 11) };
            if (symbol == 16 && i == 0) return InflateStatus.Corrupt;
            if (!TryTake(bits, out var more)) return InflateStatus.Truncated;
            var run = least + more;
            if (run > lengths.Length - i) return InflateStatus.Corrupt;
            if (symbol == 16) lengths.Slice(i, run).Fill(lengths[i - 1]);
            i += run;
        }

        return _tables.TryBuild(lengths, literals) ? InflateStatus.Full : InflateStatus.Corrupt;
    }

    private InflateStatus DecodeSymbol(Span<byte> output)
    {
        _plainSymbols++;
        if (Take(_tables.LiteralCode, out var symbol) is not InflateStatus.Full and var noSymbol) return noSymbol;
        if (symbol < EndOfBlock)
        {
            if (Written < output.Length) output[Written] = (byte)symbol;
            Written++;
            return InflateStatus.Full;
        }

        if (symbol == EndOfBlock)
        {
            _isInBlock = false;
            return InflateStatus.Full;
        }

        symbol -= EndOfBlock + 1;
        if (symbol >= InflateTables.LengthBases.Length) return InflateStatus.Corrupt;
        if (!TryTake(InflateTables.LengthExtraBits[symbol], out var more)) return InflateStatus.Truncated;
        var length = InflateTables.LengthBases[symbol] + more;

        if (Take(_tables.DistanceCode, out symbol) is not InflateStatus.Full and var noDistance) return noDistance;
        if (symbol >= InflateTables.DistanceBases.Length) return InflateStatus.Corrupt;
        if (!TryTake(InflateTables.DistanceExtraBits[symbol], out more)) return InflateStatus.Truncated;
        _distance = InflateTables.DistanceBases[symbol] + more;
        if (_distance > Written - _first) return InflateStatus.Corrupt;
        _matchLeft = length;
        return InflateStatus.Full;
    }

    private void CopyMatch(Span<byte> output, int limit)
    {
        var end = Math.Min(Written + _matchLeft, limit);
        _matchLeft -= end - Written;
        for (var last = Math.Min(end, output.Length); Written < last; Written++) output[Written] = output[Written - _distance];
        Written = end;
    }

    private bool TryCopyStored(Span<byte> output, int limit)
    {
        var length = Math.Min(Math.Min(_storedLeft, limit - Written), _source.Length - _at);
        if (length == 0) return false;
        var kept = Math.Clamp(output.Length - Written, 0, length);
        _source.Slice(_at, kept).CopyTo(output[Math.Min(Written, output.Length)..]);
        _at += length;
        Written += length;
        _storedLeft -= length;
        return true;
    }

    private InflateStatus Take(HuffmanCode code, out int symbol)
    {
        Refill();
        var length = code.Find(_bits, out symbol);
        if (length > _count) return InflateStatus.Truncated;
        if (length == 0) return _count == 0 ? InflateStatus.Truncated : InflateStatus.Corrupt;
        _bits >>= length;
        _count -= length;
        return InflateStatus.Full;
    }

    private bool TryTake(int bits, out int value)
    {
        Refill();
        value = (int)_bits & (1 << bits) - 1;
        if (bits > _count) return false;
        _bits >>= bits;
        _count -= bits;
        return true;
    }

    private void Refill()
    {
        for (; _count < 56 && _at < _source.Length; _count += 8) _bits |= (ulong)_source[_at++] << _count;
    }
}
