using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>How one film is shown.</summary>
/// <param name="Transform">Stored value to brightness.</param>
/// <param name="Voi">Where its window came from: <c>window</c>, <c>window-exact</c>, <c>sigmoid</c>, <c>voi-lut</c> or
/// <c>percentile</c>.</param>
public sealed record CompiledGrayscale(GrayscaleTransform Transform, string Voi);
