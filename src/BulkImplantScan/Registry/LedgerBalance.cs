namespace BulkImplantScan.Registry;

/// <summary>The ledger of a run: films in, and what became of each.</summary>
/// <param name="Films">Films of the inventory.</param>
/// <param name="Rows">Rows of the parts; a film has one for each of its regions.</param>
/// <param name="Identified">Rows where a device of the catalogue was recognised.</param>
/// <param name="None">Rows of hips without an implant.</param>
/// <param name="Abstained">Rows where the network does not commit itself.</param>
/// <param name="Rejected">Rows of films that this engine does not judge.</param>
/// <param name="Failed">Rows of films that could not be read or decoded.</param>
/// <param name="Duplicates">Rows among them whose film is a copy of an earlier one.</param>
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
    /// <summary>True when every film has exactly one row per region, and films in = the sum of the five.</summary>
    public bool Ok => Problems.Count == 0;

    /// <summary>What makes the duplicates so.</summary>
    public DuplicateCounts Kinds { get; init; } = new(0, 0, 0, 0, 0);
}
