namespace BulkImplantScan.Decoder;

/// <summary>A codec library that was found.</summary>
/// <param name="File">The name that it was loaded by.</param>
/// <param name="Version">As it says itself.</param>
internal sealed record LibraryState(string File, string Version);
