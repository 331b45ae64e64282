namespace BulkImplantScan.Results;

/// <summary>What became of a film. Every film of the inventory has exactly one, so films in = the sum of the five.</summary>
/// <remarks>Written to Parquet in lower case.</remarks>
public enum FilmStatus
{
    /// <summary>An implant of the catalogue was recognised.</summary>
    Identified,

    /// <summary>A hip without an implant.</summary>
    None,

    /// <summary>The network saw the film and does not commit itself.</summary>
    Abstained,

    /// <summary>The film is none that this engine judges (another body part, modality or kind of file).</summary>
    Rejected,

    /// <summary>The film could not be read or decoded.</summary>
    Failed,
}
