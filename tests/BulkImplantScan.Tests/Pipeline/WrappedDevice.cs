using BulkImplantScan.Explanation;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>Another device, of which a test changes one step: what it overrides in the slots.</summary>
internal sealed class WrappedDevice(ComputeDevice device, Func<BatchSlot, WrappedSlot> wrap) : ComputeDevice
{
    public override string Kind => device.Kind;

    public override NetworkPrecision Precision => device.Precision;

    public override string Description => device.Description;

    public override int BatchSize => device.BatchSize;

    public override FeatureMapShape FeatureMapShape => device.FeatureMapShape;

    public override void Dispose() => device.Dispose();

    internal override BatchSlot CreateSlot() => wrap(device.CreateSlot());
}
