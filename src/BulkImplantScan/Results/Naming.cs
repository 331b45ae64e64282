using System.Text.Json;

namespace BulkImplantScan.Results;

/// <summary>Names of the closed lists as they stand in Parquet, JSON and SQL: snake case.</summary>
public static class Naming
{
    private static readonly Dictionary<Reason, string> ReasonNames = Names<Reason>();
    private static readonly Dictionary<FilmStatus, string> StatusNames = Names<FilmStatus>();

    /// <summary><c>UnsupportedTransferSyntax</c> → <c>unsupported_transfer_syntax</c>.</summary>
    public static string InRow(this Reason reason) => ReasonNames[reason];

    /// <summary><c>Identified</c> → <c>identified</c>.</summary>
    public static string InRow(this FilmStatus status) => StatusNames[status];

    private static Dictionary<T, string> Names<T>() where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
