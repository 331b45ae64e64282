namespace BulkImplantScan.Registry;

/// <summary>What a question to a run may use of the machine.</summary>
public sealed record RunDatabaseOptions
{
    /// <summary>Threads of DuckDB, at least 1; by default all cores.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Memory of DuckDB in MiB, at least 64; what does not fit goes to temporary files.</summary>
    public int MemoryMebibytes { get; init; } = 2048;

    /// <summary>Temporary files in MiB at most; they lie in the system's temporary folder and go with the database.</summary>
    public int TemporaryMebibytes { get; init; } = 16384;
}
