namespace BulkImplantScan.Archive;

/// <summary>One row of a CSV file.</summary>
/// <param name="Line">Line of the file on which it begins, from 1.</param>
/// <param name="Fields">The wanted columns, blanks around them removed; empty where there is no such column.</param>
public readonly record struct CsvRow(int Line, string[] Fields);
