using System.Runtime.InteropServices;

namespace BulkImplantScan.Imaging;

/// <summary>The stored pixel values of one film, decoded, before any look-up table.</summary>
/// <remarks>Clean by contract of the decoders: little endian, row after row without gaps, samples of a pixel
/// interleaved, right-aligned (High Bit = Bits Stored - 1), bits above Bits Stored masked off (unsigned) or filled
/// with the sign (signed). Sign extension and masking are done once, while decoding copies anyway; native pixels that are clean
/// as they lie in the file are not copied at all, then <c>offset</c> is where they begin in its buffer.</remarks>
public sealed class StoredPixels(
    PixelBuffer buffer, SampleKind kind, int rows, int columns, int samplesPerPixel, int bitsStored, int offset = 0) : IDisposable
{
    private int _disposed;

    /// <summary>Type of a sample.</summary>
    public SampleKind Kind { get; } = kind;

    /// <summary>Height in samples, &gt; 0: in pixels, but for a film at a reduced resolution.</summary>
    public int Rows { get; } = rows;

    /// <summary>Width in samples, &gt; 0.</summary>
    public int Columns { get; } = columns;

    /// <summary>What was left out when a decoder decoded less than all of the film (JPEG 2000).</summary>
    public Reduction Reduction { get; init; } = new(0, rows, columns);

    /// <summary>1 for grey, 3 for colour.</summary>
    public int SamplesPerPixel { get; } = samplesPerPixel;

    /// <summary>Significant bits of a sample, 1 to 32; all of a floating point number.</summary>
    public int BitsStored { get; } = bitsStored;

    /// <summary>Bytes of a sample: 1, 2, 4 or 8.</summary>
    public int BytesPerSample => Kind switch
    {
        SampleKind.U8 or SampleKind.S8 => 1,
        SampleKind.U16 or SampleKind.S16 => 2,
        SampleKind.F64 => 8,
        _ => 4,
    };

    /// <summary>Rows × columns × samples.</summary>
    public int SampleCount => checked(Rows * Columns * SamplesPerPixel);

    /// <summary>All samples as bytes; valid until <see cref="Dispose"/>.</summary>
    public Span<byte> Bytes => buffer.Span(offset + (long)SampleCount * BytesPerSample)[offset..];

    /// <summary>The samples as <typeparamref name="T"/>, whose size must be <see cref="BytesPerSample"/>.</summary>
    public Span<T> Samples<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>Takes bit <see cref="BitsStored"/> − 1 of each sample, which must be of a signed kind, for its sign.</summary>
    public void ExtendSign()
    {
        var shift = 8 * BytesPerSample - BitsStored;
        switch (Kind)
        {
            case SampleKind.S8: foreach (ref var sample in Samples<sbyte>()) sample = (sbyte)((sbyte)(sample << shift) >> shift); break;
            case SampleKind.S16: foreach (ref var sample in Samples<short>()) sample = (short)((short)(sample << shift) >> shift); break;
            case SampleKind.S32: foreach (ref var sample in Samples<int>()) sample = sample << shift >> shift; break;
            default: throw new InvalidOperationException($"{Kind} has no sign");
        }
    }

    /// <summary>The same pixels for one more owner.</summary>
    public StoredPixels Share() => new(buffer.Claim(), Kind, Rows, Columns, SamplesPerPixel, BitsStored, offset) { Reduction = Reduction };

    /// <summary>Gives the memory back, or the claim on the file's; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) buffer.Dispose();
    }
}
