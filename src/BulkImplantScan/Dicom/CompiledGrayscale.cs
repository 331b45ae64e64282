using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>How one film is shown.</summary>
/// <param name="Transform">Stored value to brightness.</param>
/// <param name="Voi">Where its window came from: <c>window</c>, <c>window-exact</c>, <c>sigmoid</c>, <c>voi-lut</c>,
/// <c>percentile</c> or, for colour, <c>full-range</c>.</param>
public sealed record CompiledGrayscale(GrayscaleTransform Transform, string Voi);
