using System.Numerics;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>From a sample's cell to its value, in place: shifts to the right, masks what is above Bits Stored, extends the sign.</summary>
internal static class SampleCells
{
    /// <summary>Cleans all cells of a frame; cells that are full need nothing.</summary>
    public static void Clean(Span<byte> cells, in ImagePixelDescription description)
    {
        if (description.BitsAllocated == 1) return;
        var left = description.BitsAllocated - 1 - description.HighBit;
        var right = description.BitsAllocated - description.BitsStored;
        if (right == 0) return;

        // The highest bit of the sample goes to the top of the cell, then down: what fills in is zero, or the sign.
        switch (description.BitsAllocated, description.IsSigned)
        {
            case (8, false): Shift(cells, left, right); break;
            case (8, true): Shift(MemoryMarshal.Cast<byte, sbyte>(cells), left, right); break;
            case (16, false): Shift(MemoryMarshal.Cast<byte, ushort>(cells), left, right); break;
            case (16, true): Shift(MemoryMarshal.Cast<byte, short>(cells), left, right); break;
            case (_, false): Shift(MemoryMarshal.Cast<byte, uint>(cells), left, right); break;
            default: Shift(MemoryMarshal.Cast<byte, int>(cells), left, right); break;
        }
    }

    private static void Shift<T>(Span<T> cells, int left, int right) where T : unmanaged, IBinaryInteger<T>
    {
        var i = 0;
        for (; i <= cells.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(cells[i..]) << left >> right).CopyTo(cells[i..]);
        for (; i < cells.Length; i++) cells[i] = cells[i] << left >> right;
    }
}
