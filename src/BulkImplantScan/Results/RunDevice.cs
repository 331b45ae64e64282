namespace BulkImplantScan.Results;

/// <summary>A device of a scan, as <c>run.json</c> has it.</summary>
/// <param name="Name">The device and its memory, or the cores.</param>
/// <param name="BatchSize">Films a batch.</param>
/// <param name="Notes">What was found when it was opened: batches that had to be halved, contexts that cannot be shared, nodes on the CPU.</param>
public sealed record RunDevice(string Name, int BatchSize, string[] Notes);
