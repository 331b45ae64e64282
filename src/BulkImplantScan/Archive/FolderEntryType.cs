namespace BulkImplantScan.Archive;

/// <summary>What a name in a folder stands for.</summary>
internal enum FolderEntryType
{
    File,
    Folder,
    Link,
    Fifo,
    Socket,
    Device,

    /// <summary>It could not be found out: gone, a broken link, no right.</summary>
    Unreadable,
}
