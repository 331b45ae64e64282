namespace BulkImplantScan.Archive;

/// <summary>An archive cannot be used as a whole. The message is one sentence or two: what, and what to do.</summary>
/// <remarks>A single file or folder that cannot be read is no exception but a row.</remarks>
public sealed class ArchiveException(string message, Exception? cause = null) : Exception(message, cause);
