using System.Buffers;

namespace BulkImplantScan.Imaging;

/// <summary>Stored value → display brightness in [0, 1], bright = 1, as one step: either four numbers or one table.</summary>
/// <remarks>Everything between the stored value and the screen (padding, Modality LUT, VOI LUT, presentation: PS3.3 C.11,
/// PS3.4 N.2) depends on the stored value alone, so <c>Dicom</c> compiles it per film and <c>Imaging</c> applies it while it
/// resamples. Four numbers: y = clamp(x, <see cref="Low"/>, <see cref="High"/>) · <see cref="Scale"/> + <see cref="Offset"/>.
/// Table: y = Table[clamp(x − <see cref="FirstValue"/>, 0, length − 1)]. A table of 16 bits has 256 KiB, so one that is made for a
/// film is rented, and goes back with the film.</remarks>
public sealed class GrayscaleTransform : IDisposable
{
    private readonly ReadOnlyMemory<float> _table;
    private RentedTable? _rented;

    private GrayscaleTransform(
        float low, float high, float scale, float offset, int firstValue, ReadOnlyMemory<float> table, RentedTable? rented)
    {
        (Low, High, Scale, Offset, FirstValue, _table, _rented) = (low, high, scale, offset, firstValue, table, rented);
    }

    /// <summary>True: the four numbers hold. False: the table holds.</summary>
    public bool IsLinear => _table.IsEmpty;

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

    /// <summary>Brightness by stored value, each in [0, 1]; empty when linear. Valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<float> Table => _table.Span;

    /// <summary>The line from <paramref name="low"/> to <paramref name="high"/>: 0 to 1, or 1 to 0 when inverted.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="high"/> ≤ <paramref name="low"/>, or not finite.</exception>
    public static GrayscaleTransform Linear(float low, float high, bool inverted)
    {
        if (!(high > low) || !float.IsFinite(high - low)) throw new ArgumentOutOfRangeException(nameof(high));
        var scale = 1f / (high - low);
        return inverted ? new(low, high, -scale, high * scale, 0, default, null) : new(low, high, scale, -low * scale, 0, default, null);
    }

    /// <summary>A table of brightness by stored value, 1 to 65,536 entries in [0, 1].</summary>
    /// <exception cref="ArgumentException">Empty or longer.</exception>
    public static GrayscaleTransform FromTable(int firstValue, float[] table) => FromTable(firstValue, table, null);

    /// <summary>A table that lies in <paramref name="rented"/>, which <see cref="Dispose"/> gives back to the shared pool.</summary>
    internal static GrayscaleTransform FromTable(int firstValue, ReadOnlyMemory<float> table, float[]? rented)
    {
        if (table.Length is 0 or > 65536) throw new ArgumentException("1 to 65,536 entries", nameof(table));
        return new(0, 0, 0, 0, firstValue, table, rented is null ? null : new(rented));
    }

    /// <summary>The same with bright and dark exchanged.</summary>
    public GrayscaleTransform Inverted() => IsLinear
        ? new(Low, High, -Scale, 1 - Offset, 0, default, null)
        : FromTable(FirstValue, Array.ConvertAll(Table.ToArray(), brightness => 1 - brightness));

    /// <summary>Brightness of one stored value, in [0, 1]: the definition that the fast paths are held to.</summary>
    public float Apply(int stored) => IsLinear
        ? Math.Clamp(Math.Clamp((float)stored, Low, High) * Scale + Offset, 0f, 1f)
        : Table[(int)Math.Clamp((long)stored - FirstValue, 0, Table.Length - 1)];

    /// <summary>The same for one more owner.</summary>
    public GrayscaleTransform Share() => new(Low, High, Scale, Offset, FirstValue, _table, _rented?.Claim());

    /// <summary>Gives a rented table back, or the claim on it; a second call does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _rented, null)?.Release();

    private sealed class RentedTable(float[] table)
    {
        private int _claims = 1;

        public RentedTable Claim()
        {
            Interlocked.Increment(ref _claims);
            return this;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref _claims) == 0) ArrayPool<float>.Shared.Return(table);
        }
    }
}
