namespace BulkImplantScan.Reporting;

/// <summary>Lines, or dots, over two axes.</summary>
/// <param name="Title">Plain text.</param>
/// <param name="XLabel">Below.</param>
/// <param name="YLabel">Left.</param>
/// <param name="YTop">Upper end of the vertical axis, which begins at 0; the other goes from 0 to 1.</param>
/// <param name="HasDiagonal">Draws y = x: what chance, or perfect calibration, would be.</param>
/// <param name="Series">Each in a colour.</param>
internal sealed record LinePlot(string Title, string XLabel, string YLabel, double YTop, bool HasDiagonal, IReadOnlyList<LinePlotSeries> Series);
