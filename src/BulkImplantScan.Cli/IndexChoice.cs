using BulkImplantScan.Archive;

namespace BulkImplantScan.Cli;

/// <summary>What the command line says of an index beside where the films are.</summary>
/// <param name="Triage">Null for the run's own, or the default.</param>
/// <param name="Pictures">Which exported pictures are films.</param>
/// <param name="Reader">Who reads DICOM; null for the run's own, or the default.</param>
internal readonly record struct IndexChoice(Triage? Triage, PictureChoice Pictures, string? Reader)
{
    /// <summary>Something was said, so a run that has its inventory must have been made with the same.</summary>
    public bool IsGiven => Triage is not null || Pictures.IsGiven;

    /// <summary>From the flags' values.</summary>
    public static IndexChoice Read(string? triage, PicturePolicy? pictures, string? sidecar, string? reader) =>
        new(TriageVerb.Load(triage), new(pictures, sidecar), reader);
}
