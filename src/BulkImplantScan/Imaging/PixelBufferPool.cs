using System.Collections.Concurrent;
using System.Numerics;

namespace BulkImplantScan.Imaging;

/// <summary>Keeps native buffers of finished films for the next ones, by size class (powers of two from 64 KiB).</summary>
/// <remarks>Bounded: at most <c>keepPerClass</c> idle buffers a class, so a few huge films do not hold memory for ever.
/// <c>System.Buffers.ArrayPool</c> lost: its arrays move unless pinned and above 1 GiB it does not pool.</remarks>
public sealed class PixelBufferPool : IDisposable
{
    /// <summary>Size of the smallest class in bytes.</summary>
    public const int SmallestBytes = 64 << 10;

    private readonly ConcurrentBag<PixelBuffer>[] _idle;
    private readonly int[] _idleCount;
    private readonly int _keepPerClass;
    private volatile bool _disposed;

    /// <summary>A pool that keeps at most <paramref name="keepPerClass"/> idle buffers of each size class.</summary>
    public PixelBufferPool(int keepPerClass = 32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keepPerClass);
        _keepPerClass = keepPerClass;
        _idle = new ConcurrentBag<PixelBuffer>[32];
        _idleCount = new int[_idle.Length];
        for (var i = 0; i < _idle.Length; i++) _idle[i] = [];
    }

    /// <summary>Told of each buffer before it is handed out: the fuzzer counts them and fills them with a pattern, so that pixels
    /// which no decoder wrote differ from run to run.</summary>
    internal Action<PixelBuffer>? Renting { get; init; }

    /// <summary>A buffer of at least <paramref name="bytes"/> bytes, content undefined; dispose it to give it back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or above 2^31 - 1 (limits on films are checked before).</exception>
    public PixelBuffer Rent(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, int.MaxValue);
        var size = Class(bytes);
        if (_idle[size].TryTake(out var buffer))
        {
            Interlocked.Decrement(ref _idleCount[size]);
            buffer.Rent();
        }
        else
        {
            buffer = new((long)SmallestBytes << size, this);
        }

        Renting?.Invoke(buffer);
        return buffer;
    }

    /// <summary>Frees the idle buffers; those still rented are freed as they come back.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (var bag in _idle)
            while (bag.TryTake(out var buffer)) buffer.Free();
    }

    internal bool Return(PixelBuffer buffer)
    {
        var size = Class(buffer.CapacityBytes);
        if (_disposed || Interlocked.Increment(ref _idleCount[size]) > _keepPerClass)
        {
            Interlocked.Decrement(ref _idleCount[size]);
            return false;
        }

        _idle[size].Add(buffer);
        return true;
    }

    private static int Class(long bytes) =>
        bytes <= SmallestBytes ? 0 : BitOperations.Log2((ulong)(bytes - 1)) + 1 - BitOperations.Log2(SmallestBytes);
}
