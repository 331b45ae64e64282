using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>What reading a file's header came to.</summary>
/// <param name="Reason"><see cref="Reason.None"/>: the data set was read. MalformedDataSet, HeaderTooLarge,
/// NestingTooDeep: as far as it goes.
/// Else there is none.</param>
/// <param name="Detail">As <see cref="FilmRow.Detail"/>.</param>
/// <param name="FileOffset">As <see cref="FilmRow.FileOffset"/>.</param>
/// <param name="Container">What it is instead of a film, where that can hold films.</param>
internal readonly record struct ProbedHeader(
    Reason Reason, string? Detail, long? FileOffset, ContainerFormat Container = ContainerFormat.None);
