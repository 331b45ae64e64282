namespace BulkImplantScan.Archive;

/// <summary>The bytes of one file, wherever they lie: in a file of the archive, in memory, or in a zip, tar or 7z.</summary>
public abstract class ByteSource
{
    /// <summary>How many there are; <see cref="long.MaxValue"/> while only reading to the end can tell.</summary>
    public abstract long Bytes { get; }

    /// <summary>Reads until <paramref name="target"/> is full or the bytes end.</summary>
    /// <param name="target">Where to; native memory as well.</param>
    /// <param name="offset">First byte, ≥ 0. What is unpacked as it is read takes only the byte behind the last one read.</param>
    /// <param name="read">Bytes read; fewer than asked for only at the end, or on failure.</param>
    /// <returns>False when reading failed: of a file <c>Reason.UnreadableFile</c>.</returns>
    public abstract bool TryRead(Span<byte> target, long offset, out int read);
}
