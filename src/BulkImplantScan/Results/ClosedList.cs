namespace BulkImplantScan.Results;

/// <summary>Names in Parquet back to the closed lists.</summary>
internal static class ClosedList
{
    private static readonly Dictionary<string, Reason> Reasons = Enum.GetValues<Reason>().ToDictionary(reason => reason.InRow());
    private static readonly Dictionary<string, FilmStatus> Statuses = Enum.GetValues<FilmStatus>().ToDictionary(status => status.InRow());

    /// <summary>As a column holds it: null for <see cref="Reason.None"/>.</summary>
    public static string? ToColumn(Reason reason) => reason == Reason.None ? null : reason.InRow();

    /// <summary>The reverse of <see cref="ToColumn"/>.</summary>
    /// <exception cref="InvalidDataException">Not in the list: the file was written by a newer version.</exception>
    public static Reason ToReason(string? name) => name is null ? Reason.None
        : Reasons.TryGetValue(name, out var reason) ? reason : throw new InvalidDataException($"an unknown reason '{name}'");

    /// <summary>The status of a name.</summary>
    /// <exception cref="InvalidDataException">Not in the list.</exception>
    public static FilmStatus ToStatus(string? name) => name is not null && Statuses.TryGetValue(name, out var status)
        ? status : throw new InvalidDataException($"an unknown status '{name}'");
}
