namespace BulkImplantScan.Registry;

/// <summary>The ledger of a run: films in, and what became of each.</summary>
/// <param name="Films">Films of the inventory.</param>
/// <param name="Rows">Rows of the parts; a pelvis that was judged by hips has two.</param>
/// <param name="Identified">Films where a device of the catalogue was recognised: of a pelvis, in one hip or both.</param>
/// <param name="None">Films without an implant.</param>
/// <param name="Abstained">Films where the network does not commit itself, of a pelvis to one hip or both, and none has a device.</param>
/// <param name="Rejected">Films that this engine does not judge.</param>
/// <param name="Failed">Films that could not be read or decoded.</param>
/// <param name="Duplicates">Films among them that are a copy of an earlier one.</param>
/// <param name="Missing">Films of the inventory without a row: the scan is not finished.</param>
/// <param name="Problems">What is wrong, a sentence each; empty when the ledger adds up.</param>
public sealed record LedgerBalance(
    long Films,
    long Rows,
    long Identified,
    long None,
    long Abstained,
    long Rejected,
    long Failed,
    long Duplicates,
    long Missing,
    IReadOnlyList<string> Problems)
{
    /// <summary>True when every film has its one row, or both of its hips, and films in = the sum of the five.</summary>
    public bool Ok => Problems.Count == 0;

    /// <summary>What makes the duplicates so.</summary>
    public DuplicateCounts Kinds { get; init; } = new(0, 0, 0, 0, 0);
}
