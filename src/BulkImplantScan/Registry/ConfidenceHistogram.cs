using System.Globalization;

namespace BulkImplantScan.Registry;

/// <summary>How sure the network was.</summary>
public static class ConfidenceHistogram
{
    /// <summary>Bins of equal width over [0, 1]; the last one holds 1.</summary>
    public const int Bins = 20;

    /// <summary>A line for each bin, in order, empty ones too.</summary>
    public static Statistic Statistic { get; } = new(
        "confidence",
        "Confidence",
        "Films that the network judged (of a pelvis, each hip), by the calibrated probability of its answer; copies count once. A probability says how sure the " +
        "network is among the classes that it knows; it does not say that the film shows one of them.",
        string.Create(CultureInfo.InvariantCulture, $"""
        SELECT bin / {Bins} AS probability_from, (bin + 1) / {Bins} AS probability_to,
            count(*) FILTER (status = 'identified') AS identified, count(*) FILTER (status = 'none') AS none,
            count(*) FILTER (status = 'abstained') AS abstained
        FROM range({Bins}) bins(bin)
        LEFT JOIN judged ON isfinite(probability) AND greatest(0, least({Bins - 1}, floor(probability::DOUBLE * {Bins}))) = bin
        GROUP BY bin ORDER BY bin
        """));
}
