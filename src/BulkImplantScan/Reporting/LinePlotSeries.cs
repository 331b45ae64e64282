namespace BulkImplantScan.Reporting;

/// <summary>One line of a <see cref="LinePlot"/>.</summary>
/// <param name="Name">As the legend says it; plain text.</param>
/// <param name="Colour">A name of <see cref="ChartColours"/>.</param>
/// <param name="Points">In the order drawn.</param>
/// <param name="DotArea">Area of the dot at each point in pixels; empty: no dots.</param>
internal sealed record LinePlotSeries(string Name, string Colour, IReadOnlyList<(double X, double Y)> Points, IReadOnlyList<double> DotArea);
