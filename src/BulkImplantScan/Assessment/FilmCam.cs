using BulkImplantScan.Imaging;

namespace BulkImplantScan.Assessment;

/// <summary>The Grad-CAM of a film's answer, and what of the film it lies on.</summary>
/// <param name="Cells">[Height, Width], 255 the largest; covers the network's input evenly.</param>
/// <param name="Height">Rows of cells.</param>
/// <param name="Width">Columns of cells.</param>
/// <param name="PeakY">Middle of the largest cell on the whole film, 0 top to 1 bottom.</param>
/// <param name="PeakX">The same across.</param>
/// <param name="Rows">Of the film, in pixels.</param>
/// <param name="Columns">Of the film, in pixels.</param>
/// <param name="Field">Its field of view; the whole film where it has no border. Of a hip of a pelvis what the network was shown.</param>
/// <param name="IsRegion">It is of a hip of a pelvis.</param>
/// <param name="IsSquare">Its pixels are square; else the row does not say how the film lies in the input.</param>
public sealed record FilmCam(
    byte[] Cells, int Height, int Width, double PeakY, double PeakX, int Rows, int Columns, FieldOfView Field, bool IsRegion, bool IsSquare);
