namespace BulkImplantScan.Archive;

/// <summary>How far an index is, or what it came to.</summary>
/// <param name="Files">Files and unreadable folders written to the inventory.</param>
/// <param name="Films">Rows: of a file as many as it has frames.</param>
/// <param name="ToScan">Rows that no header reason keeps from the network.</param>
/// <param name="Bytes">Sizes of the files, of which only headers are read.</param>
public readonly record struct IndexProgress(long Files, long Films, long ToScan, long Bytes)
{
    /// <summary>Files that the sidecar lists and that are not there; each has a row <c>missing_file</c>.</summary>
    public int MissingListed { get; init; }

    /// <summary>Files that the sidecar lists and that are no pictures: it tells nothing of those.</summary>
    public int UnusedListed { get; init; }
}
