using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pipeline;

/// <summary>The bytes of one file in pooled native memory, shared by the frames of that file.</summary>
/// <remarks>A file of a hundred frames is read once: each of its films holds a claim, the last one gives the memory back.</remarks>
internal sealed class FileBytes(PixelBuffer buffer, long length) : IDisposable
{
    private int _claims = 1;

    /// <summary>Bytes of the file.</summary>
    public long Length { get; } = length;

    /// <summary>Where the file lies, from its first byte.</summary>
    public PixelBuffer Buffer { get; } = buffer;

    /// <summary>The whole file; valid while a claim is held.</summary>
    public ReadOnlySpan<byte> Span => Buffer.Span(Length);

    /// <summary>One more film reads these bytes.</summary>
    public FileBytes Claim()
    {
        Interlocked.Increment(ref _claims);
        return this;
    }

    /// <summary>Gives one claim up.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _claims) == 0) Buffer.Dispose();
    }
}
