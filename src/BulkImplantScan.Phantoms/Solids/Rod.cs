namespace BulkImplantScan.Phantoms.Solids;

/// <summary>A section swept along a straight axis, cut flat at both ends.</summary>
/// <param name="Start">Start of the axis.</param>
/// <param name="End">End of the axis.</param>
/// <param name="Section">What is swept.</param>
/// <param name="Reference">Direction that the section's angles count from; need not be square to the axis.</param>
internal readonly record struct Rod(Vec Start, Vec End, Section Section, Vec Reference);
