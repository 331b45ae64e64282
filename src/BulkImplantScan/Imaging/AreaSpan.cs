namespace BulkImplantScan.Imaging;

/// <summary>The samples under one target pixel of an area average along one axis, and how much of the outer two.</summary>
/// <remarks>Target pixel i of n covers the interval [i·m/n, (i+1)·m/n) of m pixels. Samples between <see cref="First"/> and
/// <see cref="Last"/> are covered whole (weight 1). The weights of one span add up to m/n pixels, in samples, so shrinking by a whole
/// factor is OpenCV's INTER_AREA, and enlarging repeats pixels with mixed edges.</remarks>
/// <param name="First">First sample that the interval touches.</param>
/// <param name="Last">Last sample that the interval touches, ≥ <paramref name="First"/>.</param>
/// <param name="FirstWeight">Covered part of the first sample, (0, 1].</param>
/// <param name="LastWeight">Covered part of the last sample, (0, 1], or more where it is the film's last one and stands for what lies
/// beyond; 0 when it is also the first.</param>
internal readonly record struct AreaSpan(int First, int Last, float FirstWeight, float LastWeight)
{
    /// <summary>The span of target pixel <paramref name="index"/>; also called from within kernels.</summary>
    /// <param name="index">i, 0 to <paramref name="target"/> - 1.</param>
    /// <param name="axis">m pixels, and the samples of them.</param>
    /// <param name="target">n, target pixels along the axis, 1 to 2,048.</param>
    public static AreaSpan Of(int index, AreaAxis axis, int target)
    {
        // Positions in units of 1/unit sample are whole numbers (below 2^29): no device rounds them differently.
        var unit = 2 * axis.Pitch * target;
        var start = 2 * index * axis.Length + axis.Phase * target;
        var end = start + 2 * axis.Length;
        var first = Least(start / unit, axis.Samples - 1);
        var last = Least((end - 1) / unit, axis.Samples - 1);
        return first == last
            ? new(first, last, (float)(end - start) / unit, 0f)
            : new(first, last, (float)((first + 1) * unit - start) / unit, (float)(end - last * unit) / unit);
    }

    private static int Least(int a, int b) => a < b ? a : b;
}
