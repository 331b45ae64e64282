namespace BulkImplantScan.Results;

/// <summary>Which status a reason leads to: the groups of <see cref="Reason"/>.</summary>
public static class ReasonStatus
{
    /// <summary>Abstained, rejected or failed; for <see cref="Reason.None"/> failed, until a stage knows better.</summary>
    public static FilmStatus Status(this Reason reason) => reason switch
    {
        >= Reason.UnreadableFile => FilmStatus.Failed,
        >= Reason.NotDicom => FilmStatus.Rejected,
        >= Reason.LowConfidence => FilmStatus.Abstained,
        _ => FilmStatus.Failed, // a film that no stage judged must be seen, not pass as an answer
    };
}
