using Microsoft.Win32.SafeHandles;

namespace BulkImplantScan.Archive;

/// <summary>A file of the archive, open for reading.</summary>
public sealed class OpenedFile(SafeFileHandle handle, long bytes) : ByteSource, IDisposable
{
    /// <summary>For <see cref="RandomAccess"/>.</summary>
    public SafeFileHandle Handle { get; } = handle;

    /// <summary>Size when it was opened.</summary>
    public override long Bytes { get; } = bytes;

    /// <inheritdoc/>
    public override bool TryRead(Span<byte> target, long offset, out int read)
    {
        read = 0;
        try
        {
            while (read < target.Length)
            {
                var count = RandomAccess.Read(Handle, target[read..], offset + read);
                if (count == 0) break;
                read += count;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => Handle.Dispose();
}
