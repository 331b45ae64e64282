using BulkImplantScan.Results;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Why a container, or one member of it, cannot be read.</summary>
/// <param name="Reason">DamagedArchive, Limits, UnreadableFile when the system failed, ChangedSinceIndex when it is not what the index saw.</param>
/// <param name="Detail">A word or null: <c>truncated</c>, <c>crc</c>, <c>encrypted</c>, <c>ratio</c>, …; docs/archive.md lists them.</param>
internal readonly record struct ContainerFault(Reason Reason, string? Detail);
