using System.Numerics;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Looks whether cells need no cleaning, reading them once: then they can stay where they are.</summary>
internal static class CleanCells
{
    /// <summary>Whether <see cref="SampleCells.Clean"/> would change nothing, for cells of 8, 16 or 32 bits.</summary>
    public static bool AreClean(ReadOnlySpan<byte> cells, in ImagePixelDescription description)
    {
        var unused = 8 * description.BytesPerSample - description.BitsStored;
        if (unused == 0) return true;
        if (description.HighBit != description.BitsStored - 1) return false;
        return (description.BytesPerSample, description.IsSigned) switch
        {
            (1, false) => AreAsShifted(cells, unused),
            (1, true) => AreAsShifted(MemoryMarshal.Cast<byte, sbyte>(cells), unused),
            (2, false) => AreAsShifted(MemoryMarshal.Cast<byte, ushort>(cells), unused),
            (2, true) => AreAsShifted(MemoryMarshal.Cast<byte, short>(cells), unused),
            (_, false) => AreAsShifted(MemoryMarshal.Cast<byte, uint>(cells), unused),
            _ => AreAsShifted(MemoryMarshal.Cast<byte, int>(cells), unused),
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
}
