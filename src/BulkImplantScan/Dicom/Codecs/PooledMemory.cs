using System.Buffers;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The pool of film buffers as the pool that JpegLibrary asks for (coefficients of progressive pictures).</summary>
internal sealed class PooledMemory : MemoryPool<byte>
{
    /// <summary>Where memory comes from; null between frames.</summary>
    public PixelBufferPool? Pool { get; set; }

    /// <inheritdoc/>
    public override int MaxBufferSize => int.MaxValue;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
        new Owner((Pool ?? throw new InvalidOperationException("no pool")).Rent(Math.Max(minBufferSize, 1)));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Pool = null;

    private sealed unsafe class Owner(PixelBuffer buffer) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => buffer.Span(Math.Min(buffer.CapacityBytes, int.MaxValue));

        public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)buffer.Address + elementIndex);

        public override void Unpin()
        {
            // It does not move.
        }

        protected override void Dispose(bool disposing) => buffer.Dispose();
    }
}
