namespace BulkImplantScan.Imaging;

/// <summary>The source pixels under one target pixel of an area average along one axis, and how much of the outer two.</summary>
/// <remarks>Target pixel i of n covers the source interval [i·m/n, (i+1)·m/n) of m pixels. Source pixels between
/// <see cref="First"/> and <see cref="Last"/> are covered whole (weight 1). The weights of one span add up to m/n, so shrinking
/// by a whole factor is OpenCV's INTER_AREA, and enlarging repeats pixels with mixed edges.</remarks>
/// <param name="First">First source pixel that the interval touches.</param>
/// <param name="Last">Last source pixel that the interval touches, ≥ <paramref name="First"/>.</param>
/// <param name="FirstWeight">Covered part of the first pixel, (0, 1].</param>
/// <param name="LastWeight">Covered part of the last pixel, (0, 1]; 0 when it is also the first.</param>
internal readonly record struct AreaSpan(int First, int Last, float FirstWeight, float LastWeight)
{
    /// <summary>The span of target pixel <paramref name="index"/>; also called from within kernels.</summary>
    /// <param name="index">i, 0 to <paramref name="target"/> - 1.</param>
    /// <param name="source">m, source pixels along the axis, 1 to 65,536.</param>
    /// <param name="target">n, target pixels along the axis, 1 to 2,048.</param>
    public static AreaSpan Of(int index, int source, int target)
    {
        // Positions in units of 1/n source pixel are whole numbers (below 2^28): no device rounds them differently.
        var start = index * source;
        var end = start + source;
        var first = start / target;
        var last = (end - 1) / target;
        return first == last
            ? new(first, last, (float)source / target, 0f)
            : new(first, last, (float)((first + 1) * target - start) / target, (float)(end - last * target) / target);
    }
}
