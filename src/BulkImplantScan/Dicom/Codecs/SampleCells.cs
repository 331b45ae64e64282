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
        if (right == 0 || CleanCells.AreClean(cells, description)) return 0; // nearly every film: read, and not written

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
