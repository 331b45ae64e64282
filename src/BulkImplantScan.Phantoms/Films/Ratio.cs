namespace BulkImplantScan.Phantoms.Films;

/// <summary>A box of the film where something sharp lies: logarithm of the signal with it over the signal without it.</summary>
internal sealed record Ratio(int Left, int Top, int Width, int Height, float[] Log);
