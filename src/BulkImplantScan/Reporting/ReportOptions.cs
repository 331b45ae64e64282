using BulkImplantScan.Registry;

namespace BulkImplantScan.Reporting;

/// <summary>What a report shows.</summary>
public sealed record ReportOptions
{
    /// <summary>Heading of the page.</summary>
    public string Title { get; init; } = "Hip implants in this archive";

    /// <summary>A sentence above everything, such as that the films are synthetic; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>When the report was made, printed in the page; null (the default) for the same bytes every time.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>Cells of fewer patients are suppressed in breakdowns by patient characteristics; 0 shows all.</summary>
    public int MinimumCell { get; init; } = ImplantsByPatientGroup.DefaultMinimumCell;

    /// <summary>Overlays in the page at most, 0 to 200.</summary>
    public int Overlays { get; init; } = 24;

    /// <summary>Limits of DuckDB.</summary>
    public RunDatabaseOptions Database { get; init; } = new();
}
