namespace BulkImplantScan.Results;

/// <summary>What a run's network is given of a film.</summary>
/// <param name="Height">Rows of its input.</param>
/// <param name="Width">Columns of its input.</param>
/// <param name="IsField">The field of view; else the whole film.</param>
public sealed record RunInput(int Height, int Width, bool IsField);
