using ILGPU;

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
        if (kind > SampleKind.S16) throw new ArgumentException("8 or 16 bits", nameof(kind));
        return Between(transform.Low, transform.High, transform.Scale < 0, kind);
    }

    /// <summary>The line from brightness 0 to 1, or 1 to 0 when inverted; also called from within kernels.</summary>
    /// <param name="start">Lower end of the window.</param>
    /// <param name="end">Upper end, above <paramref name="start"/>.</param>
    /// <param name="isInverted">A larger value is darker.</param>
    /// <param name="kind">U8, S8, U16 or S16.</param>
    public static BrightnessLine Between(float start, float end, bool isInverted, SampleKind kind)
    {
        var least = kind == SampleKind.S8 ? -128f : kind == SampleKind.S16 ? -32768f : 0f;
        var most = kind == SampleKind.U8 ? 255f : kind == SampleKind.S8 ? 127f : kind == SampleKind.U16 ? 65535f : 32767f;
        var low = IntrinsicMath.Clamp(start, least, most);
        var high = IntrinsicMath.Clamp(end, least, most);
        var scale = 1 / ((double)end - start);
        return isInverted
            ? new(low, high, -scale, (float)(((double)end - low) * scale))
            : new(low, high, scale, (float)(((double)low - start) * scale));
    }
}
