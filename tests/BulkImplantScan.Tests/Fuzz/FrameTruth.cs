using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>What one frame of a seed decodes to.</summary>
/// <param name="Reason">Why it does not; None when it does.</param>
/// <param name="Pixels">Its stored pixels; empty when it does not.</param>
internal sealed record FrameTruth(Reason Reason, byte[] Pixels);
