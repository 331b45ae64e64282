using System.Numerics;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>From a sample's cell to its value, in place: shifts to the right, masks what is above Bits Stored, extends the sign.</summary>
internal static class SampleCells
{
    /// <summary>Cleans all cells of a frame; cells that are full need nothing.</summary>
    /// <returns>Bits outside the sample that some cell has set, but for a sign that was extended already.</returns>
    public static uint Clean(Span<byte> cells, in ImagePixelDescription description)
    {
        if (description.BitsAllocated == 1) return 0;
        var bits = 8 * description.BytesPerSample;
        var left = bits - 1 - description.HighBit;
        var right = bits - description.BitsStored;
        if (right == 0) return 0;

        // The highest bit of the sample goes to the top of the cell, then down: what fills in is zero, or the sign.
        return (bits, description.IsSigned) switch
        {
            (8, false) => Shift(cells, left, right),
            (8, true) => (byte)Shift(MemoryMarshal.Cast<byte, sbyte>(cells), left, right),
            (16, false) => Shift(MemoryMarshal.Cast<byte, ushort>(cells), left, right),
            (16, true) => (ushort)Shift(MemoryMarshal.Cast<byte, short>(cells), left, right),
            (_, false) => Shift(MemoryMarshal.Cast<byte, uint>(cells), left, right),
            _ => (uint)Shift(MemoryMarshal.Cast<byte, int>(cells), left, right),
        };
    }

    /// <summary>Whether <see cref="Clean"/> would change nothing, for cells of 8 or 16 bits.</summary>
    public static bool AreClean(ReadOnlySpan<byte> cells, in ImagePixelDescription description)
    {
        var unused = description.BitsAllocated - description.BitsStored;
        if (unused == 0) return true;
        if (description.HighBit != description.BitsStored - 1) return false;
        return (description.BitsAllocated, description.IsSigned) switch
        {
            (8, false) => AreAsShifted(cells, unused),
            (8, true) => AreAsShifted(MemoryMarshal.Cast<byte, sbyte>(cells), unused),
            (_, false) => AreAsShifted(MemoryMarshal.Cast<byte, ushort>(cells), unused),
            _ => AreAsShifted(MemoryMarshal.Cast<byte, short>(cells), unused),
        };
    }

    // What differs is gathered and looked at from time to time: a branch a vector would cost more than the reading.
    private static bool AreAsShifted<T>(ReadOnlySpan<T> cells, int unused) where T : unmanaged, IBinaryInteger<T>
    {
        const int block = 1 << 14;
        while (cells.Length > 0)
        {
            var some = cells[..Math.Min(block, cells.Length)];
            cells = cells[some.Length..];
            var (even, odd) = (Vector<T>.Zero, Vector<T>.Zero);
            var i = 0;
            for (; i <= some.Length - 2 * Vector<T>.Count; i += 2 * Vector<T>.Count)
            {
                var (cell, next) = (new Vector<T>(some[i..]), new Vector<T>(some[(i + Vector<T>.Count)..]));
                even |= cell ^ cell << unused >> unused;
                odd |= next ^ next << unused >> unused;
            }

            if ((even | odd) != Vector<T>.Zero) return false;
            for (; i < some.Length; i++)
                if (some[i] << unused >> unused != some[i]) return false;
        }

        return true;
    }

    private static T Shift<T>(Span<T> cells, int left, int right) where T : unmanaged, IBinaryInteger<T>
    {
        var low = right - left; // bits below the sample
        var unused = Vector<T>.Zero;
        var i = 0;
        for (; i <= cells.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var cell = new Vector<T>(cells[i..]);
            var value = cell << left >> right;
            unused |= Vector.AndNot(cell, value << low);
            value.CopyTo(cells[i..]);
        }

        var rest = T.Zero;
        for (; i < cells.Length; i++)
        {
            var value = cells[i] << left >> right;
            rest |= cells[i] & ~(value << low);
            cells[i] = value;
        }

        for (var lane = 0; lane < Vector<T>.Count; lane++) rest |= unused[lane];
        return rest;
    }
}
