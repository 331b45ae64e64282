namespace BulkImplantScan.Assessment;

/// <summary>A kind of error.</summary>
/// <param name="Truth">What the films show.</param>
/// <param name="Answer">What they were called.</param>
/// <param name="Films">How many.</param>
public sealed record ConfusedPair(string Truth, string Answer, int Films);
