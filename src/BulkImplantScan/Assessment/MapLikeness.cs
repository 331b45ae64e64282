namespace BulkImplantScan.Assessment;

/// <summary>How alike a map is to that of the same network when a part of it has forgotten what it learned (Adebayo 2018).</summary>
/// <param name="Shuffled">Share of the layers, from the last, whose weights are shuffled.</param>
/// <param name="Correlation">Mean of Spearman's correlation of the two maps.</param>
public sealed record MapLikeness(double Shuffled, MeanFigure Correlation);
