namespace BulkImplantScan.Archive;

/// <summary>One thing that a walk came upon; folders that can be listed are none.</summary>
/// <param name="Path">Below the archive's root, the operating system's own bytes, <c>/</c> between names.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">Name of the error (<c>EACCES</c>) or of the kind of special file (<c>fifo</c>); null for a file.</param>
/// <param name="Root">Number of the archive, from 0.</param>
public readonly record struct ArchiveEntry(byte[] Path, ArchiveEntryKind Kind, string? Detail, int Root = 0);
