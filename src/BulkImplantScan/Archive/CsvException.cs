namespace BulkImplantScan.Archive;

/// <summary>A CSV file that cannot be used. The message says where and what, and holds no value of the file.</summary>
public sealed class CsvException(string message, Exception? cause = null) : Exception(message, cause);
