namespace BulkImplantScan.Phantoms.Writing;

/// <summary>Who, when and where of one film, all invented.</summary>
internal sealed record Header
{
    public required string PatientNumber { get; init; }
    public required string PatientName { get; init; }
    public required bool Female { get; init; }
    public required DateOnly Birth { get; init; }
    public required DateTime Taken { get; init; }
    public required int Age { get; init; }
    public required string Institution { get; init; }
    public required string StudyUid { get; init; }
    public required string SeriesUid { get; init; }
    public required string InstanceUid { get; init; }
    public required string Accession { get; init; }
    public required int InstanceNumber { get; init; }
}
