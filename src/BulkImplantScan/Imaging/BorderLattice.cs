using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Imaging;

/// <summary>The places of a film that the border finder looks at: pixels at multiples of half of its grid's pitch; a grid cell's is its
/// middle, an odd multiple.</summary>
/// <remarks>A low band of a wavelet has a sample at each of them, whatever resolution is decoded, and what is left of the low pass is done here.</remarks>
internal readonly ref struct BorderLattice<T>(ReadOnlySpan<T> samples, StoredPixels film, int pitch)
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly ReadOnlySpan<T> _samples = samples;
    private readonly int _stride = film.Columns;
    private readonly int _rows = film.Rows;
    private readonly int _step = pitch / 2 >> film.Reduction.Levels;
    private readonly int _least = film.Kind is SampleKind.S8 or SampleKind.S16 ? -(1 << film.BitsStored - 1) : 0;
    private readonly int _span = (1 << film.BitsStored) - 1;

    /// <summary>Pixels a grid cell: even, and a multiple of 2ⁿ⁺¹ on a film reduced by n levels.</summary>
    public int Pitch => pitch;

    /// <summary>Pixels from a place to the next.</summary>
    public int Half => pitch / 2;

    /// <summary>From the upper left corner of a grid cell, over cells to the right and down.</summary>
    public BorderWalk Towards(int row, int column, int width, int height) =>
        new(2 * _step * ((row * _stride) + column), _step, _step * _stride, 2 * width, 2 * height);

    /// <summary>From the same corner, over the cells that end there: to the left, and up.</summary>
    public BorderWalk Backwards(int row, int column, int width, int height) =>
        new(2 * _step * ((row * _stride) + column), -_step, -_step * _stride, 2 * width, 2 * height);

    /// <summary>Four times the sample there, smoothed along its row about as much as low bands are: 1 2 2 2 1 and 1 2 1.</summary>
    public int Value(int at)
    {
        var value = int.CreateTruncating(_samples[at]);
        if (_step == 1) return 4 * value;
        var beside = int.CreateTruncating(_samples[at - 1]) + int.CreateTruncating(_samples[at + 1]);
        return _step < 4
            ? beside + (2 * value)
            : beside + value + ((int.CreateTruncating(_samples[at - 2]) + int.CreateTruncating(_samples[at + 2])) / 2);
    }

    /// <summary>Four times the low band of the 5/3 wavelet there, of which the places are the samples (ISO/IEC 15444-1 F.3.8.2, without its
    /// rounding, and without overshoot of what is saturated, which decoding takes away, too): the same whatever of it has been left to do.</summary>
    public int Low(int at)
    {
        if (_step == 1) return 4 * int.CreateTruncating(_samples[at]);
        var taps = LowPass.Taps(BitOperations.Log2((uint)_step));
        var (row, first) = (at / _stride - (taps.Length / 2), at % _stride - (taps.Length / 2));
        Span<float> columns = stackalloc float[(taps.Length + Vector256<ushort>.Count - 1) / Vector256<ushort>.Count * Vector256<ushort>.Count];

        // Down the columns, then along them: in one order, whichever loop it is.
        if (typeof(T) == typeof(ushort) && first >= 0 && first + columns.Length <= _stride) AddWords(taps, row, first, columns);
        else Add(taps, row, first, columns);
        var sum = 0f;
        for (var x = 0; x < taps.Length; x++) sum += taps[x] * columns[x];
        return (int)MathF.Round(4 * Math.Clamp(sum, _least, _least + _span));
    }

    private void Add(ReadOnlySpan<float> taps, int row, int first, Span<float> columns)
    {
        columns.Clear();
        for (var y = 0; y < taps.Length; y++)
        {
            var line = _samples.Slice(Mirrored(row + y, _rows) * _stride, _stride);
            for (var x = 0; x < taps.Length; x++) columns[x] += taps[y] * int.CreateTruncating(line[Mirrored(first + x, _stride)]);
        }
    }

    private void AddWords(ReadOnlySpan<float> taps, int row, int first, Span<float> columns)
    {
        for (var x = 0; x < columns.Length; x += Vector256<ushort>.Count)
        {
            var (lower, upper) = (Vector256<float>.Zero, Vector256<float>.Zero);
            for (var y = 0; y < taps.Length; y++)
            {
                var words = Vector256.Create(MemoryMarshal.Cast<T, ushort>(_samples.Slice((Mirrored(row + y, _rows) * _stride) + first + x, Vector256<ushort>.Count)));
                var (low, high) = Vector256.Widen(words);
                lower += taps[y] * Vector256.ConvertToSingle(low.AsInt32());
                upper += taps[y] * Vector256.ConvertToSingle(high.AsInt32());
            }

            lower.CopyTo(columns[x..]);
            upper.CopyTo(columns[(x + Vector256<float>.Count)..]);
        }
    }

    private static int Mirrored(int place, int length)
    {
        if (length == 1) return 0;
        place = Math.Abs(place) % (2 * (length - 1));
        return place < length ? place : (2 * (length - 1)) - place;
    }
}
