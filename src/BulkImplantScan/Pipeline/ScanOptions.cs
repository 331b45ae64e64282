namespace BulkImplantScan.Pipeline;

/// <summary>How to scan; nothing here changes a row but <see cref="MaxFilmBytes"/> and <see cref="SecondReader"/>, which the run
/// remembers.</summary>
public sealed record ScanOptions
{
    /// <summary>Largest file that is read, in bytes: one film must not take the memory of a hundred.</summary>
    public const long DefaultMaxFilmBytes = 512L << 20;

    /// <summary>Films decoded at a time, ≥ 1.</summary>
    public int DecodeWorkers { get; init; } = Environment.ProcessorCount;

    /// <summary>Batches in flight, ≥ 1: one is staged while one is computed and one is explained.</summary>
    public int Slots { get; init; } = 3;

    /// <summary>Which films get an overlay picture.</summary>
    public ExplainPolicy Explain { get; init; } = ExplainPolicy.Uncertain;

    /// <summary>The reader beside ours that the run was indexed with; null for none.</summary>
    public Dicom.SecondReader? SecondReader { get; init; }

    /// <summary>Files above this many bytes get a row <see cref="Results.Reason.TooLarge"/>.</summary>
    public long MaxFilmBytes { get; init; } = DefaultMaxFilmBytes;
}
