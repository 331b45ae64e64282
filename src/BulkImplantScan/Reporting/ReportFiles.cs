using BulkImplantScan.Registry;

namespace BulkImplantScan.Reporting;

/// <summary>What <see cref="Report.Write"/> wrote.</summary>
/// <param name="Folder">The folder of it all.</param>
/// <param name="Html">The page.</param>
/// <param name="Tables">CSV and Parquet files, full paths.</param>
/// <param name="Charts">PNG files, full paths; empty where the drawing library does not load (the page has its own charts).</param>
/// <param name="Summary">The figures for a terminal.</param>
public sealed record ReportFiles(
    string Folder, string Html, IReadOnlyList<string> Tables, IReadOnlyList<string> Charts, RunSummary Summary);
