namespace BulkImplantScan.Pipeline;

/// <summary>How devices are opened.</summary>
public sealed record DeviceOptions
{
    /// <summary>Films a batch; null for what suits the device.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Batches in flight on each device: <see cref="ScanOptions.Slots"/>.</summary>
    public int Slots { get; init; } = new ScanOptions().Slots;

    /// <summary>A node of the network that has no kernel on the device is an error; else it runs on the CPU, and is named.</summary>
    public bool IsStrict { get; init; }
}
