using BulkImplantScan.Imaging;

namespace BulkImplantScan.Inference;

/// <summary>How a film lies in the network's input.</summary>
/// <param name="Rows">Of the film.</param>
/// <param name="Columns">Of the film.</param>
/// <param name="View">What of it is shown.</param>
/// <param name="Box">Where that lies.</param>
internal readonly record struct ShownFilm(int Rows, int Columns, FilmView View, Letterbox Box);
