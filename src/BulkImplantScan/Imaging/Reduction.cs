namespace BulkImplantScan.Imaging;

/// <summary>A film at a reduced resolution: what is there of it, and of what.</summary>
/// <param name="Levels">n: the samples are those of every 2ⁿ-th pixel along each side; 0 for all of them.</param>
/// <param name="FilmRows">Height of the film in pixels, as it is stored.</param>
/// <param name="FilmColumns">Width of the film in pixels, as it is stored.</param>
public readonly record struct Reduction(int Levels, int FilmRows, int FilmColumns);
