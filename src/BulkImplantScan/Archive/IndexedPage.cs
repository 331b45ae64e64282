using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>What the index says of one page of a picture.</summary>
/// <param name="Facts">Of header and sidecar.</param>
/// <param name="Reason">Why it will not be scanned; <see cref="Reason.None"/> when it will be.</param>
/// <param name="Detail">As <see cref="FilmRow.Detail"/>.</param>
/// <param name="FileOffset">As <see cref="FilmRow.FileOffset"/>.</param>
internal readonly record struct IndexedPage(FilmFacts Facts, Reason Reason, string? Detail, long? FileOffset);
