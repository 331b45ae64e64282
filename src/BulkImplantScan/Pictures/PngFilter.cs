using System.Numerics;

namespace BulkImplantScan.Pictures;

/// <summary>Undoes the filter of one row (PNG 3rd edition, chapter 9).</summary>
internal static class PngFilter
{
    /// <summary>Undoes a filter in place.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The row as filtered.</param>
    /// <param name="above">The row above, unfiltered; zeros for the first.</param>
    /// <param name="pixelBytes">Bytes from one pixel to the next, at least 1.</param>
    /// <returns>False for a filter that does not exist.</returns>
    public static bool TryUndo(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        switch (filter)
        {
            case 0: return true;
            case 1: Sub(row, pixelBytes); return true;
            case 2: Up(row, above); return true;
            case 3: Average(row, above, pixelBytes); return true;
            case 4: Paeth(row, above, pixelBytes); return true;
            default: return false;
        }
    }

    private static void Sub(Span<byte> row, int pixelBytes)
    {
        for (var i = pixelBytes; i < row.Length; i++) row[i] += row[i - pixelBytes];
    }

    private static void Up(Span<byte> row, ReadOnlySpan<byte> above)
    {
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        for (; i < row.Length; i++) row[i] += above[i];
    }

    private static void Average(Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        for (var i = 0; i < row.Length; i++)
            row[i] += (byte)((above[i] + (i < pixelBytes ? 0 : row[i - pixelBytes])) / 2);
    }

    private static void Paeth(Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        for (var i = 0; i < Math.Min(pixelBytes, row.Length); i++) row[i] += above[i]; // left and above left are 0
        for (var i = pixelBytes; i < row.Length; i++)
        {
            int left = row[i - pixelBytes], up = above[i], corner = above[i - pixelBytes];
            int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - 2 * corner);
            row[i] += (byte)(toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
        }
    }
}
