namespace BulkImplantScan.Results;

/// <summary>The site key cannot be read or made. The message is one sentence or two: what, and what to do.</summary>
public sealed class SiteKeyException(string message, Exception? cause = null) : Exception(message, cause);
