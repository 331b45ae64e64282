using BulkImplantScan.Results;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Some bytes of a source as a stream.</summary>
/// <param name="source">Can be read at any offset.</param>
/// <param name="offset">First byte.</param>
/// <param name="length">Bytes; the source may have fewer, then the stream ends early.</param>
/// <param name="stop">Ends every read with an <see cref="OperationCanceledException"/>: whatever unpacks reads from here in the end.</param>
internal sealed class SliceStream(ByteSource source, long offset, long length, CancellationToken stop) : ReadOnlyStream
{
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = Math.Clamp(value, 0, length);
    }

    public override int Read(Span<byte> buffer)
    {
        stop.ThrowIfCancellationRequested();
        var wanted = (int)Math.Min(buffer.Length, length - _position);
        if (wanted == 0) return 0;
        if (!source.TryRead(buffer[..wanted], offset + _position, out var read)) throw new ContainerFaultException(Reason.UnreadableFile, "EIO");
        _position += read;
        return read;
    }

    public override long Seek(long to, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => to,
        SeekOrigin.Current => _position + to,
        _ => length + to,
    };
}
