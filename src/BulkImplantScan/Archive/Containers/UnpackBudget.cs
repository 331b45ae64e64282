namespace BulkImplantScan.Archive.Containers;

/// <summary>Counts what a container has unpacked, and stops a bomb.</summary>
internal sealed class UnpackBudget(ArchiveLimits limits)
{
    private long _unpacked;
    private long _packed;

    /// <summary>Books bytes.</summary>
    /// <exception cref="ContainerFaultException">More than the limits allow.</exception>
    public void Spend(long unpacked, long packed)
    {
        _unpacked += unpacked;
        _packed += packed;
        if (_unpacked > limits.UnpackedBytes) throw ContainerFaultException.Limit("unpacked_bytes");
        if (_unpacked > limits.FreeContainerBytes && _unpacked / limits.Ratio > _packed) throw ContainerFaultException.Limit("ratio");
    }
}
