using BulkImplantScan.Training.Tests;

[assembly: AssemblyFixture(typeof(TorchFixture))]

// TorchSharp's seed and thread count are of the process.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace BulkImplantScan.Training.Tests;

/// <summary>Loads libtorch before any test touches it, as the program does.</summary>
public sealed class TorchFixture
{
    public TorchFixture() => Lacks =
        ProcessorCheck.Settle(new() { Labels = "", Films = "", Out = "", InputSize = 64, Width = 0.25 }, _ => { }, CancellationToken.None) ?? NativeShim.Load(AppContext.BaseDirectory);

    /// <summary>Why libtorch does not load; null when it does.</summary>
    public string? Lacks { get; }
}
