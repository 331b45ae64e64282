using BulkImplantScan.Results;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Carries a fault out of a decompressor's stack of streams, which can return nothing but bytes, to
/// <see cref="ContainerReader"/>, which makes a value of it. It goes no further.</summary>
internal sealed class ContainerFaultException(Reason reason, string? detail) : Exception(detail)
{
    public ContainerFault Fault { get; } = new(reason, detail);

    /// <summary>The bytes contradict themselves.</summary>
    public static ContainerFaultException Damaged(string detail) => new(Reason.DamagedArchive, detail);

    /// <summary>There is more of something than the limits allow.</summary>
    public static ContainerFaultException Limit(string detail) => new(Reason.Limits, detail);
}
