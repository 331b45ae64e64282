using System.Numerics;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>From a sample's cell to its value, in place: shifts to the right, masks what is above Bits Stored, extends the sign.</summary>
internal static class SampleCells
{
    /// <summary>Cleans all cells of a frame; cells that are full need nothing.</summary>
    /// <returns>True when a cell had bits above High Bit that are neither zero nor its sign: seen in the same pass.</returns>
    public static bool Clean(Span<byte> cells, in ImagePixelDescription description)
    {
        if (description.BitsAllocated == 1) return false;
        var left = description.BitsAllocated - 1 - description.HighBit;
        var right = description.BitsAllocated - description.BitsStored;
        if (right == 0) return false;

        // The highest bit of the sample goes to the top of the cell, then down: what fills in is zero, or the sign.
        return (description.BitsAllocated, description.IsSigned) switch
        {
            (8, false) => Shift(cells, left, right),
            (8, true) => Shift(MemoryMarshal.Cast<byte, sbyte>(cells), left, right),
            (16, false) => Shift(MemoryMarshal.Cast<byte, ushort>(cells), left, right),
            (16, true) => Shift(MemoryMarshal.Cast<byte, short>(cells), left, right),
            (_, false) => Shift(MemoryMarshal.Cast<byte, uint>(cells), left, right),
            _ => Shift(MemoryMarshal.Cast<byte, int>(cells), left, right),
        };
    }

    private static bool Shift<T>(Span<T> cells, int left, int right) where T : unmanaged, IBinaryInteger<T>
    {
        // Above High Bit: what goes out on the left. All of it zero, or as the sign of the sample fills it.
        var above = left == 0 ? T.Zero : T.AllBitsSet << (int.CreateTruncating(T.PopCount(T.AllBitsSet)) - left);
        var (aboves, outsides) = (new Vector<T>(above), Vector<T>.Zero);
        var i = 0;
        for (; i <= cells.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var cell = new Vector<T>(cells[i..]);
            var top = cell << left;
            outsides |= Vector.AndNot(cell & aboves, Vector.Equals(top >> left, cell));
            (top >> right).CopyTo(cells[i..]);
        }

        var isOutside = outsides != Vector<T>.Zero;
        for (; i < cells.Length; i++)
        {
            var cell = cells[i];
            var top = cell << left;
            isOutside |= (cell & above) != T.Zero && top >> left != cell;
            cells[i] = top >> right;
        }

        return isOutside;
    }
}
