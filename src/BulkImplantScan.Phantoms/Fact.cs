namespace BulkImplantScan.Phantoms;

/// <summary>One column of <c>truth.parquet</c> for one film.</summary>
/// <param name="Name">Column; the unit comes last.</param>
/// <param name="Value">A double, int, bool or string; the same type on every film.</param>
internal readonly record struct Fact(string Name, object Value);
