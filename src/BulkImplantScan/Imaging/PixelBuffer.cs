using System.Runtime.InteropServices;

namespace BulkImplantScan.Imaging;

/// <summary>Native memory for one film, aligned to 64 bytes, rented from a <see cref="PixelBufferPool"/>.</summary>
/// <remarks>Native, not managed: films of 10 MB would live in the large object heap and be collected with generation 2,
/// and a device copies from memory that does not move.</remarks>
public sealed unsafe class PixelBuffer : IDisposable
{
    /// <summary>Alignment in bytes: a cache line and a 512-bit vector.</summary>
    public const int Alignment = 64;

    private readonly PixelBufferPool? _pool;
    private void* _memory;
    private int _claims = 1;

    internal PixelBuffer(long capacityBytes, PixelBufferPool? pool)
    {
        CapacityBytes = capacityBytes;
        _memory = NativeMemory.AlignedAlloc((nuint)capacityBytes, Alignment);
        _pool = pool;
    }

    /// <summary>Bytes that can be held; the content of a rented buffer is whatever the last film left.</summary>
    public long CapacityBytes { get; }

    /// <summary>Address of the first byte; valid until <see cref="Dispose"/>.</summary>
    public nint Address => (nint)_memory;

    /// <summary>The first <paramref name="bytes"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than the capacity.</exception>
    public Span<byte> Span(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, CapacityBytes);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _claims) == 0, this);
        return new(_memory, checked((int)bytes));
    }

    /// <summary>One more owner: pixels that lie in a file's buffer outlive the file. Only for who owns it already.</summary>
    public PixelBuffer Claim()
    {
        Interlocked.Increment(ref _claims);
        return this;
    }

    /// <summary>Gives one claim up; with the last one the memory goes back to its pool. A call after that does nothing.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref _claims) == 0) return;
        if (Interlocked.Decrement(ref _claims) != 0) return;
        if (_pool is null || !_pool.Return(this)) Free();
    }

    internal void Rent() => _claims = 1;

    internal void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
