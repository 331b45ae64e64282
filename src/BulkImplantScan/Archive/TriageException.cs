namespace BulkImplantScan.Archive;

/// <summary>A user's triage cannot be used. The message is one sentence or two: file, line, what, and what to do.</summary>
public sealed class TriageException(string message, Exception? cause = null) : Exception(message, cause);
