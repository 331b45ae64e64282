namespace BulkImplantScan.Results;

/// <summary>Passes everything on; a full disk becomes a <see cref="RunFolderException"/> that says so.</summary>
/// <remarks>The asynchronous calls are done when they return: the Parquet library has only those, and the callers wait.</remarks>
internal sealed class DiskFullStream(FileStream inner, string path) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => true;
    public override long Length => inner.Length;
    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override void Flush() => AtomicFile.Guard(path, () => { inner.Flush(); return 0; });
    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);
    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);
    public override void SetLength(long value) => AtomicFile.Guard(path, () => { inner.SetLength(value); return 0; });

    public override void Write(byte[] buffer, int offset, int count) =>
        AtomicFile.Guard(path, () => { inner.Write(buffer, offset, count); return 0; });

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        AtomicFile.Guard(path, () => { inner.Write(buffer.Span); return 0; });
        return ValueTask.CompletedTask;
    }
}
