namespace BulkImplantScan.Archive;

/// <summary>How folders below a root are listed; errors are values.</summary>
internal abstract class FolderAccess
{
    /// <summary>The one for this system: bytes and no text on Linux, .NET's own elsewhere.</summary>
    public static FolderAccess For(string root) => LinuxCalls.IsSupported ? new LinuxFolderAccess(root) : new ManagedFolderAccess(root);

    /// <summary>Opens a folder, through links.</summary>
    /// <param name="relative">Path below the root; empty for the root.</param>
    /// <param name="error">Name of the error when null is returned.</param>
    public abstract OpenFolder? TryOpen(ReadOnlySpan<byte> relative, out string? error);

    /// <summary>What a link leads to in the end; never <see cref="FolderEntryType.Link"/>.</summary>
    /// <param name="relative">Path of the link below the root.</param>
    /// <param name="error">Name of the error when unreadable.</param>
    public abstract FolderEntryType Follow(ReadOnlySpan<byte> relative, out string? error);
}
