namespace BulkImplantScan.Registry;

/// <summary>A question to a run that cannot be answered: wrong SQL, or a limit. The message says what, for a person.</summary>
public sealed class RunQueryException(string message, Exception? cause = null) : Exception(message, cause);
