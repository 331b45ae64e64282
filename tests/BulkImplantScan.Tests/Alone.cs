namespace BulkImplantScan.Tests;

/// <summary>Classes that measure the memory of the process, or load every core: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
