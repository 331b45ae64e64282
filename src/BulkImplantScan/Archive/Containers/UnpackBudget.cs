namespace BulkImplantScan.Archive.Containers;

/// <summary>Counts what a container has unpacked, and stops a bomb.</summary>
/// <param name="limits">Where it is one.</param>
/// <param name="outer">Of the container that this one lies packed in: to that, what is unpacked here is more from the same bytes.</param>
internal sealed class UnpackBudget(ArchiveLimits limits, UnpackBudget? outer = null)
{
    private long _unpacked;
    private long _packed;

    /// <summary>Books bytes.</summary>
    /// <exception cref="ContainerFaultException">More than the limits allow.</exception>
    public void Spend(long unpacked, long packed)
    {
        outer?.Spend(unpacked, 0);
        _unpacked += unpacked;
        _packed += packed;
        if (_unpacked > limits.UnpackedBytes) throw ContainerFaultException.Limit("unpacked_bytes");
        if (_unpacked > limits.FreeContainerBytes && _unpacked / limits.Ratio > _packed) throw ContainerFaultException.Limit("ratio");
    }
}
