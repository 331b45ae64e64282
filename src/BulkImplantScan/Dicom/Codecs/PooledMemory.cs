using System.Buffers;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The pool of film buffers as the pool that JpegLibrary asks for (coefficients of progressive pictures).</summary>
internal sealed class PooledMemory : MemoryPool<byte>
{
    private readonly List<Owner> _rented = [];
    private PixelBufferPool? _pool;

    /// <summary>Memory comes from here until <see cref="Release"/>.</summary>
    public void Use(PixelBufferPool pool) => _pool = pool;

    /// <summary>Takes back what was not given back.</summary>
    public void Release()
    {
        foreach (IDisposable owner in _rented) owner.Dispose();
        _rented.Clear();
        _pool = null;
    }

    /// <inheritdoc/>
    public override int MaxBufferSize => int.MaxValue;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        var pool = _pool ?? throw new InvalidOperationException("no pool");
        var owner = new Owner(pool.Rent(Math.Max(minBufferSize, 1)));
        _rented.Add(owner);
        return owner;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Release();

    // Gives its buffer back once: the second time it would be that of whoever has rented it since.
    private sealed unsafe class Owner(PixelBuffer rented) : MemoryManager<byte>
    {
        private PixelBuffer? _buffer = rented;

        public override Span<byte> GetSpan() => _buffer!.Span(Math.Min(_buffer.CapacityBytes, int.MaxValue));

        public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)_buffer!.Address + elementIndex);

        public override void Unpin()
        {
            // It does not move.
        }

        protected override void Dispose(bool disposing)
        {
            _buffer?.Dispose();
            _buffer = null;
        }
    }
}
