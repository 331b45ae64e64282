using BulkImplantScan.Imaging;

namespace BulkImplantScan.Archive.Containers;

/// <summary>A whole member in pooled native memory: for a zip or 7z that lies packed in another container.</summary>
/// <remarks>Such a one is read by its directory, which stands at its end. A file on disk would hold it as well, but nothing
/// of an archive is ever written to a disk: films are people's.</remarks>
internal sealed class HeldBytes : ByteSource, IDisposable
{
    private readonly PixelBuffer _buffer;

    private HeldBytes(PixelBuffer buffer, long bytes) => (_buffer, Bytes) = (buffer, bytes);

    public override long Bytes { get; }

    /// <summary>Reads the rest of a member.</summary>
    /// <param name="reader">Stands at it.</param>
    /// <param name="head">What was read of it already.</param>
    /// <param name="pool">Gives the memory.</param>
    /// <param name="limits">How much.</param>
    /// <param name="fault">Why null is returned.</param>
    public static HeldBytes? Read(ContainerReader reader, ReadOnlySpan<byte> head, PixelBufferPool pool, ArchiveLimits limits, out ContainerFault? fault)
    {
        var declared = reader.Member.Bytes;
        fault = declared > limits.HeldBytes ? new(Results.Reason.Limits, "held_bytes") : null;
        if (fault is not null) return null;

        // What is declared is not given at once: it has to come first.
        var buffer = pool.Rent(Math.Max(head.Length, Math.Min(1 << 20, limits.HeldBytes)));
        head.CopyTo(buffer.Span(head.Length));
        var bytes = (long)head.Length;
        while (true)
        {
            if (bytes == buffer.CapacityBytes)
            {
                if (bytes >= limits.HeldBytes)
                {
                    fault = new(Results.Reason.Limits, "held_bytes");
                    break;
                }

                var larger = pool.Rent(2 * bytes);
                buffer.Span(bytes).CopyTo(larger.Span(bytes));
                buffer.Dispose();
                buffer = larger;
            }

            var read = reader.Read(buffer.Span(buffer.CapacityBytes)[(int)bytes..]);
            bytes += read;
            if (read > 0) continue;
            fault = reader.MemberFault;
            break;
        }

        if (fault is null) return new(buffer, bytes);
        buffer.Dispose();
        return null;
    }

    public override bool TryRead(Span<byte> target, long offset, out int read)
    {
        read = (int)Math.Min(target.Length, Math.Max(0, Bytes - offset));
        if (read > 0) _buffer.Span(Bytes).Slice((int)offset, read).CopyTo(target);
        return true;
    }

    public void Dispose() => _buffer.Dispose();
}
