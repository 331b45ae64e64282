namespace BulkImplantScan.Results;

/// <summary>A run folder cannot be used as asked. The message is one sentence or two: what, and what to do.</summary>
public sealed class RunFolderException(string message, Exception? cause = null) : Exception(message, cause);
