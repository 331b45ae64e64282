using BulkImplantScan.Inference;

namespace BulkImplantScan.Pipeline;

/// <summary>How devices are opened.</summary>
public sealed record DeviceOptions
{
    /// <summary>Films a batch; null for what suits the device.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Batches in flight on each device: <see cref="ScanOptions.Slots"/>.</summary>
    public int Slots { get; init; } = new ScanOptions().Slots;

    /// <summary>Whether CUDA devices decode JPEG lossless films, which no row shows.</summary>
    public bool DecodesJpegLossless { get; init; } = true;

    /// <summary>How the network is to run.</summary>
    public NetworkSettings Network { get; init; } = new();
}
