namespace BulkImplantScan.Imaging;

/// <summary>Stored value → display brightness in [0, 1], bright = 1, as one step: either four numbers or one table.</summary>
/// <remarks>Everything between the stored value and the screen (padding, Modality LUT, VOI LUT, presentation: PS3.3 C.11,
/// PS3.4 N.2) depends on the stored value alone, so <c>Dicom</c> compiles it per film and <c>Imaging</c> applies it while it
/// resamples. Four numbers: y = clamp(x, <see cref="Low"/>, <see cref="High"/>) · <see cref="Scale"/> + <see cref="Offset"/>.
/// Table: y = Table[clamp(x − <see cref="FirstValue"/>, 0, length − 1)].</remarks>
public sealed class GrayscaleTransform
{
    private GrayscaleTransform(float low, float high, float scale, float offset, int firstValue, float[] table)
    {
        (Low, High, Scale, Offset, FirstValue, Table) = (low, high, scale, offset, firstValue, table);
    }

    /// <summary>True: the four numbers hold. False: the table holds.</summary>
    public bool IsLinear => Table.Length == 0;

    /// <summary>Stored value at and below which the output no longer changes.</summary>
    public float Low { get; }

    /// <summary>Stored value at and above which the output no longer changes; ≥ <see cref="Low"/>.</summary>
    public float High { get; }

    /// <summary>Brightness per stored unit; negative when the film is inverted.</summary>
    public float Scale { get; }

    /// <summary>Brightness at stored value 0 of the unclamped line.</summary>
    public float Offset { get; }

    /// <summary>Stored value of the table's first entry.</summary>
    public int FirstValue { get; }

    /// <summary>Brightness by stored value, each in [0, 1]; empty when linear.</summary>
    public float[] Table { get; }

    /// <summary>The line from <paramref name="low"/> to <paramref name="high"/>: 0 to 1, or 1 to 0 when inverted.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="high"/> ≤ <paramref name="low"/>, or not finite.</exception>
    public static GrayscaleTransform Linear(float low, float high, bool inverted)
    {
        if (!(high > low) || !float.IsFinite(high - low)) throw new ArgumentOutOfRangeException(nameof(high));
        var scale = 1f / (high - low);
        return inverted ? new(low, high, -scale, high * scale, 0, []) : new(low, high, scale, -low * scale, 0, []);
    }

    /// <summary>A table of brightness by stored value, 1 to 65,536 entries in [0, 1].</summary>
    /// <exception cref="ArgumentException">Empty or longer.</exception>
    public static GrayscaleTransform FromTable(int firstValue, float[] table)
    {
        if (table.Length is 0 or > 65536) throw new ArgumentException("1 to 65,536 entries", nameof(table));
        return new(0, 0, 0, 0, firstValue, table);
    }

    /// <summary>The same with bright and dark exchanged.</summary>
    public GrayscaleTransform Inverted() => IsLinear
        ? new(Low, High, -Scale, 1 - Offset, 0, [])
        : new(0, 0, 0, 0, FirstValue, Array.ConvertAll(Table, brightness => 1 - brightness));

    /// <summary>Brightness of one stored value, in [0, 1]: the definition that the fast paths are held to.</summary>
    public float Apply(int stored) => IsLinear
        ? Math.Clamp(Math.Clamp((float)stored, Low, High) * Scale + Offset, 0f, 1f)
        : Table[(int)Math.Clamp((long)stored - FirstValue, 0, Table.Length - 1)];
}
