namespace BulkImplantScan.Imaging;

/// <summary>A linear <see cref="GrayscaleTransform"/> as the area average needs it: a clamp of each stored value to a range that
/// starts at 0, and a line that is applied to the average.</summary>
/// <remarks>brightness = average(clamp(x, <see cref="Low"/>, <see cref="High"/>) − <see cref="Low"/>) · <see cref="Scale"/> +
/// <see cref="Bias"/>, clamped to [0, 1]. Taken from the window's ends rather than from the transform's offset: a narrow
/// window far from 0 has an offset of thousands, whose rounding in fp32 would show.</remarks>
/// <param name="Low">Lower end of the window, within what the sample kind can hold.</param>
/// <param name="High">Upper end of the window, within what the sample kind can hold, ≥ <paramref name="Low"/>.</param>
/// <param name="Scale">Brightness per stored unit.</param>
/// <param name="Bias">Brightness of <paramref name="Low"/>; outside [0, 1] when the window lies outside the kind's range, where
/// the clamp at the end puts it right.</param>
internal readonly record struct BrightnessLine(float Low, float High, double Scale, float Bias)
{
    /// <summary>True: both ends are whole numbers, so sums of clamped values are exact in integers.</summary>
    public bool IsIntegral => Low == MathF.Floor(Low) && High == MathF.Floor(High);

    /// <summary>The line of a film; for a table, the identity on what the table yields.</summary>
    public static BrightnessLine Of(GrayscaleTransform transform, SampleKind kind)
    {
        if (!transform.IsLinear) return new(0f, 0f, 1, 0f);
        var (least, most) = kind switch
        {
            SampleKind.U8 => (0f, 255f),
            SampleKind.S8 => (-128f, 127f),
            SampleKind.U16 => (0f, 65535f),
            SampleKind.S16 => (-32768f, 32767f),
            _ => throw new ArgumentException("8 or 16 bits", nameof(kind)),
        };
        var low = Math.Clamp(transform.Low, least, most);
        var high = Math.Clamp(transform.High, least, most);
        var scale = 1 / ((double)transform.High - transform.Low);
        return transform.Scale < 0
            ? new(low, high, -scale, (float)(((double)transform.High - low) * scale))
            : new(low, high, scale, (float)(((double)low - transform.Low) * scale));
    }
}
