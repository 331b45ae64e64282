using System.Buffers;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Bytes at an address as the <see cref="Memory{T}"/> that JpegLibrary asks for; used again and again by one thread.</summary>
/// <remarks>The address must stay while the memory is used: whoever sets it clears it.</remarks>
internal sealed unsafe class SpanMemory : MemoryManager<byte>
{
    private byte* _address;
    private int _length;

    /// <summary>Shows these bytes from now on.</summary>
    public void Set(byte* address, int length)
    {
        _address = address;
        _length = length;
    }

    /// <summary>Shows nothing.</summary>
    public void Clear() => Set(null, 0);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_address, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_address + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // It does not move.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Clear();
}
