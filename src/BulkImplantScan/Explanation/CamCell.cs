using ILGPU;

namespace BulkImplantScan.Explanation;

/// <summary>The place of a map's cells on the network's input; also called from within kernels.</summary>
internal static class CamCell
{
    /// <summary>Part of a cell that lies within the film, along one axis, [0, 1].</summary>
    /// <param name="cell">From 0.</param>
    /// <param name="cells">H or W of the map, which covers the whole input evenly.</param>
    /// <param name="input">Height or width of the input.</param>
    /// <param name="filmStart">Where the film begins in the input.</param>
    /// <param name="filmLength">How much of the input it takes.</param>
    public static double Covered(int cell, int cells, int input, int filmStart, int filmLength)
    {
        var length = (double)input / cells;
        var start = cell * length;
        var overlap = IntrinsicMath.Min(start + length, (double)(filmStart + filmLength)) - IntrinsicMath.Max(start, (double)filmStart);
        return IntrinsicMath.Max(0, overlap) / length;
    }
}
