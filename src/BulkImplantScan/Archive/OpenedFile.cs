using Microsoft.Win32.SafeHandles;

namespace BulkImplantScan.Archive;

/// <summary>A file of the archive, open for reading.</summary>
public sealed class OpenedFile(SafeFileHandle handle, long bytes) : IDisposable
{
    /// <summary>For <see cref="RandomAccess"/>.</summary>
    public SafeFileHandle Handle { get; } = handle;

    /// <summary>Size when it was opened.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Reads until <paramref name="target"/> is full or the file ends.</summary>
    /// <param name="target">Where to; native memory as well.</param>
    /// <param name="offset">First byte of the file, ≥ 0.</param>
    /// <param name="read">Bytes read; fewer than asked for only at the end of the file, or on failure.</param>
    /// <returns>False when the system failed to read: <c>Reason.UnreadableFile</c>.</returns>
    public bool TryRead(Span<byte> target, long offset, out int read)
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
