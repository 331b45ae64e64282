using BulkImplantScan.Archive;

namespace BulkImplantScan.Tests.Archive;

/// <summary>A file in memory.</summary>
internal sealed class MemoryBytes(byte[] bytes) : ByteSource
{
    public long ReadSoFar { get; private set; }

    public override long Bytes => bytes.Length;

    public override bool TryRead(Span<byte> target, long offset, out int read)
    {
        read = (int)Math.Min(target.Length, Math.Max(0, bytes.Length - offset));
        if (read > 0) bytes.AsSpan((int)offset, read).CopyTo(target);
        ReadSoFar += read;
        return true;
    }
}
