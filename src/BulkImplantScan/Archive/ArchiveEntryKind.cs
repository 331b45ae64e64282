namespace BulkImplantScan.Archive;

/// <summary>What a walk came upon.</summary>
public enum ArchiveEntryKind
{
    /// <summary>A regular file, or a link to one.</summary>
    File,

    /// <summary>A pipe, socket or device, or a link to one: never opened, as opening alone may hang.</summary>
    SpecialFile,

    /// <summary>A link to nothing, or in a circle.</summary>
    UnreadableFile,

    /// <summary>A folder whose content, or the rest of it, cannot be listed.</summary>
    UnreadableFolder,
}
