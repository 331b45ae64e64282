namespace BulkImplantScan.Imaging;

/// <summary>Where one line inwards from a side of a film leaves its border.</summary>
/// <param name="Line">From 0.</param>
/// <param name="Depth">Pixels from the side.</param>
internal readonly record struct EdgePoint(int Line, double Depth);
