namespace BulkImplantScan.Archive;

/// <summary>A folder that is being listed, in the order of the file system.</summary>
internal abstract class OpenFolder : IDisposable
{
    /// <summary>The same for one folder by whatever path it was reached, different for different folders.</summary>
    public abstract UInt128 Identity { get; }

    /// <summary>Path without any link in it; null when the system does not tell.</summary>
    public abstract byte[]? RealPath { get; }

    /// <summary>The next name; false at the end, or when listing failed.</summary>
    /// <param name="name">Bytes of the name.</param>
    /// <param name="type">A link is not followed.</param>
    /// <param name="error">Name of the error when listing failed; null at the end.</param>
    public abstract bool TryNext(out byte[] name, out FolderEntryType type, out string? error);

    /// <summary>Ends the listing.</summary>
    public abstract void Dispose();
}
