namespace BulkImplantScan.Archive;

/// <summary>A fixed slice of the inventory: the unit of checkpointing and of distribution; one Parquet row group.</summary>
/// <param name="Number">From 0.</param>
/// <param name="FirstFilm">Index of its first film.</param>
/// <param name="FilmCount">Films in it, 1 to the inventory's chunk size.</param>
public readonly record struct Chunk(int Number, long FirstFilm, int FilmCount)
{
    /// <summary>Default number of films a chunk: some minutes of work, a few MB of rows.</summary>
    public const int Films = 4096;
}
