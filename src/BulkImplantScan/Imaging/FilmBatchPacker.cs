namespace BulkImplantScan.Imaging;

/// <summary>Lays a batch of films out in one block of host memory, so that one copy brings it to the device.</summary>
/// <remarks><code>
/// slab: │ FilmDescriptor × capacity │ table │ samples │ samples │ table │ samples │ ... each at a multiple of 16
/// samples: │ row ···· │ row ···· │ row ···· │ ... each at a multiple of 16
/// </code>
/// Films of any sizes and kinds mix; a table shared by films (the same transform) is stored once. The memory is the caller's,
/// page-locked where a device copies from it. Used by one thread at a time, but for <see cref="Copy"/>, which many may do at once, each
/// of another film; <see cref="Clear"/> begins the next batch.</remarks>
public sealed unsafe class FilmBatchPacker
{
    /// <summary>Films, tables and each row of a film begin at a multiple of so many bytes: what one load of a kernel brings.</summary>
    internal const int Alignment = 16;

    private readonly InputGeometry _input;
    private readonly byte* _slab;
    private readonly long _slabBytes;

    // By transform, not by array: a rented array may be another film's by now.
    private readonly Dictionary<GrayscaleTransform, int> _tableOffsets = new(ReferenceEqualityComparer.Instance);

    /// <summary>A packer that writes to <paramref name="slab"/> for its whole life.</summary>
    /// <param name="input">Geometry of the network's input.</param>
    /// <param name="capacity">Films of a batch at most, 1 or more.</param>
    /// <param name="slab">Address of host memory that does not move, aligned to 16 bytes.</param>
    /// <param name="slabBytes">Its size; a film needs <see cref="BytesFor"/>.</param>
    /// <exception cref="ArgumentException">The address is not aligned, or the slab does not hold the descriptors.</exception>
    public FilmBatchPacker(InputGeometry input, int capacity, nint slab, long slabBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        if (slab % Alignment != 0) throw new ArgumentException("not aligned to 16 bytes", nameof(slab));
        (_input, Capacity, _slabBytes) = (input, capacity, slabBytes);
        _slab = (byte*)slab;
        if (slabBytes < DescriptorBytes) throw new ArgumentException("too small for its descriptors", nameof(slabBytes));
        Bytes = DescriptorBytes;
    }

    /// <summary>Films of a batch at most.</summary>
    public int Capacity { get; }

    /// <summary>Films in the batch so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the slab in use from its start: what must be copied to the device.</summary>
    public long Bytes { get; private set; }

    /// <summary>Descriptors of the films so far, in order.</summary>
    public ReadOnlySpan<FilmDescriptor> Films => new(_slab, Count);

    private long DescriptorBytes => (long)Capacity * FilmDescriptor.Bytes;

    /// <summary>Bytes that one film takes, its descriptor included; <see cref="LeastBytes"/> is what a slab needs.</summary>
    public static long BytesFor(StoredPixels film, GrayscaleTransform transform, FilmView view) =>
        SampleBytes(film, FieldSamples.Of(film, view.Field)) + Aligned(transform.Table.Length * (long)sizeof(float)) + FilmDescriptor.Bytes;

    /// <summary>Bytes of a slab that never refuses the first film of a batch.</summary>
    /// <param name="filmBytes"><see cref="BytesFor"/> of the largest film.</param>
    /// <param name="capacity">Films of a batch at most.</param>
    public static long LeastBytes(long filmBytes, int capacity) => filmBytes + (capacity - 1L) * FilmDescriptor.Bytes;

    /// <summary>Copies the field of view of a film into the batch; false, and nothing changed, when it has no room.</summary>
    /// <param name="film">One sample per pixel, of kind U8, S8, U16 or S16; may be disposed afterwards.</param>
    /// <param name="transform">Brightness of a stored value.</param>
    /// <param name="view">Which pixels, and their shape. Only these are copied: what the network is not shown need not cross the
    /// bus, and the kernel sees a film of the field's size.</param>
    /// <param name="letterbox">Where the field will lie in the network's input.</param>
    /// <exception cref="ArgumentException">Another kind of sample, several samples per pixel, a side above
    /// <see cref="PreprocessSimd.LargestSide"/>, or a field beyond the film.</exception>
    public bool TryAdd(StoredPixels film, GrayscaleTransform transform, FilmView view, out Letterbox letterbox)
    {
        if (!TryPlace(film, transform, view, out var place, out letterbox)) return false;
        Copy(film, place);
        return true;
    }

    /// <summary><see cref="TryAdd"/> without the samples: they are there once <see cref="Copy"/> has brought them to <paramref name="place"/>.</summary>
    /// <param name="film">As <see cref="TryAdd"/>; may be disposed after its copy.</param>
    /// <param name="transform">As <see cref="TryAdd"/>; may be disposed at once.</param>
    /// <param name="view">As <see cref="TryAdd"/>.</param>
    /// <param name="place">Where its samples belong.</param>
    /// <param name="letterbox">As <see cref="TryAdd"/>.</param>
    /// <inheritdoc cref="TryAdd"/>
    public bool TryPlace(StoredPixels film, GrayscaleTransform transform, FilmView view, out PackedPlace place, out Letterbox letterbox)
    {
        PreprocessSimd.RequireFit(film, view.Field);
        var field = FieldSamples.Of(film, view.Field);
        letterbox = view.FitInto(_input.Height, _input.Width);
        var table = transform.Table;
        var tableIsThere = _tableOffsets.TryGetValue(transform, out var tableOffset);
        var tableBytes = tableIsThere ? 0 : Aligned(table.Length * (long)sizeof(float));
        var sampleBytes = SampleBytes(film, field);
        place = default;
        if (Count == Capacity || _slabBytes - Bytes < tableBytes + sampleBytes) return false;

        if (tableBytes > 0)
        {
            tableOffset = checked((int)(Bytes / sizeof(float)));
            table.CopyTo(new Span<float>(_slab + Bytes, table.Length));
            _tableOffsets.Add(transform, tableOffset);
            Bytes += tableBytes;
        }

        place = new(Bytes, field);
        var line = BrightnessLine.Of(transform, film.Kind);

        // Beyond ±200,000 no stored value reaches the table, and the kernel subtracts in 32 bits.
        var firstValue = Math.Clamp(transform.FirstValue, -200_000, 200_000);
        ((FilmDescriptor*)_slab)[Count++] = new(
            Bytes, field.Rows, field.Columns, film.Kind, (short)(view.IsMirrored ? 1 : 0), letterbox, tableOffset, table.Length, firstValue,
            line.Low, line.High, FilmDescriptor.ScaleOf(line, letterbox, field.Rows, field.Columns), line.Bias);
        Bytes += sampleBytes;
        return true;
    }

    /// <summary>Brings a film's samples to their place.</summary>
    /// <param name="film">The film that the place was made for.</param>
    /// <param name="place">Of this batch: before <see cref="Clear"/>.</param>
    public void Copy(StoredPixels film, PackedPlace place) => CopyField(film, place.Field, _slab + place.Offset);

    /// <summary>Begins a new batch in the same memory.</summary>
    public void Clear()
    {
        Count = 0;
        Bytes = DescriptorBytes;
        _tableOffsets.Clear();
    }

    private static long SampleBytes(StoredPixels film, FieldSamples field) =>
        (long)field.Rows.Samples * FilmDescriptor.RowBytesOf(field.Columns.Samples, film.BytesPerSample);

    private static void CopyField(StoredPixels film, FieldSamples field, byte* target)
    {
        var (rows, rowBytes) = (field.Rows.Samples, field.Columns.Samples * film.BytesPerSample);
        var step = FilmDescriptor.RowBytesOf(field.Columns.Samples, film.BytesPerSample);
        var source = film.Bytes[((field.Top * film.Columns + field.Left) * film.BytesPerSample)..];
        if (field.Columns.Samples == film.Columns && step == rowBytes)
        {
            source[..(rows * rowBytes)].CopyTo(new(target, rows * rowBytes));
            return;
        }

        for (var row = 0; row < rows; row++)
            source.Slice(row * film.Columns * film.BytesPerSample, rowBytes).CopyTo(new(target + (long)row * step, rowBytes));
    }

    private static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
