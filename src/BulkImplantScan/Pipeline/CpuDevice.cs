using BulkImplantScan.Explanation;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Pipeline;

/// <summary>The cores of this machine: SIMD for pixels and maps, ONNX Runtime's CPU provider for the network.</summary>
public sealed class CpuDevice : ComputeDevice
{
    /// <summary>Films a batch unless said otherwise: larger ones gain nothing on a CPU and hold more films in memory.</summary>
    public const int DefaultBatchSize = 8;

    private readonly NetworkSession _session;

    /// <summary>Loads <paramref name="model"/> for the cores of this machine.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batchSize">Films a batch, ≥ 1.</param>
    /// <param name="threads">Threads that one batch is spread over, ≥ 1.</param>
    /// <exception cref="ModelPackageException">The model does not fit its description.</exception>
    public CpuDevice(ModelPackage model, int batchSize, int threads)
    {
        _session = new(model, batchSize, threads);
        Description = $"CPU, {threads} threads";
    }

    /// <inheritdoc/>
    public override string Kind => "cpu";

    /// <inheritdoc/>
    public override NetworkPrecision Precision => _session.Package.Precision;

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override int BatchSize => _session.BatchSize;

    /// <inheritdoc/>
    public override FeatureMapShape FeatureMapShape => _session.FeatureMapShape;

    /// <inheritdoc/>
    internal override BatchSlot CreateSlot() => new CpuBatchSlot(_session);

    /// <inheritdoc/>
    public override void Dispose() => _session.Dispose();
}
