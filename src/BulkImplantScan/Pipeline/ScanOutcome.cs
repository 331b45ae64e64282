namespace BulkImplantScan.Pipeline;

/// <summary>How a scan ended.</summary>
/// <param name="Meter">Its figures.</param>
/// <param name="IsComplete">True when every film of the run has its row.</param>
public sealed record ScanOutcome(ScanMeter Meter, bool IsComplete);
