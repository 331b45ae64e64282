namespace BulkImplantScan.Imaging;

/// <summary>Eight neighbouring samples of 8 bits, as one load of 8 bytes brings them.</summary>
/// <param name="A">Samples 0 (lowest byte) to 3.</param>
/// <param name="B">Samples 4 to 7.</param>
public readonly record struct EightBytes(uint A, uint B);
