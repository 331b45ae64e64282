namespace BulkImplantScan.Imaging;

/// <summary>A percentile window in stored units; 12 bytes, blittable.</summary>
/// <param name="Low">Stored value at its lower end.</param>
/// <param name="High">Stored value at its upper end, above <paramref name="Low"/>.</param>
/// <param name="IsLine">1: the line between them shows the film, and its descriptor has it. 0: padding would not be black under it,
/// so the film needs a table, which the CPU makes; the descriptor is as it was.</param>
public readonly record struct StoredWindow(float Low, float High, int IsLine);
