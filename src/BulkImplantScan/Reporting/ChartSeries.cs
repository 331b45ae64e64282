namespace BulkImplantScan.Reporting;

/// <summary>One colour of a <see cref="StackedColumns"/> chart.</summary>
/// <param name="Name">As the legend says it; plain text.</param>
/// <param name="Colour">A name of <see cref="ChartColours"/>.</param>
/// <param name="Values">A value a column, ≥ 0.</param>
internal sealed record ChartSeries(string Name, string Colour, IReadOnlyList<long> Values);
