using System.Globalization;
using BulkImplantScan.Registry;

namespace BulkImplantScan.Reporting;

/// <summary>The charts of a report, made from its tables; null where there is nothing to draw.</summary>
/// <param name="DevicesByYear">Implants first seen, by device and year.</param>
/// <param name="FilmsByYear">Films by outcome and year.</param>
/// <param name="Confidence">Films by probability and outcome.</param>
internal sealed record ReportCharts(StackedColumns? DevicesByYear, StackedColumns? FilmsByYear, StackedColumns? Confidence)
{
    /// <summary>Years drawn at most: the latest. A wrong date must not squeeze the others.</summary>
    private const int MaximumYears = 30;

    /// <summary>The charts that there are.</summary>
    public IEnumerable<StackedColumns> All => new[] { DevicesByYear, FilmsByYear, Confidence }.OfType<StackedColumns>();

    /// <summary>Makes the charts.</summary>
    public static ReportCharts Of(StatisticTable devices, StatisticTable byDeviceAndYear, StatisticTable byYear, StatisticTable confidence)
    {
        var years = byYear.Lines.Select(line => line["year"]).OfType<int>().TakeLast(MaximumYears).ToArray();
        var labels = Array.ConvertAll(years, year => year.ToString("0000", CultureInfo.InvariantCulture));
        return new(
            Some(new("devices_by_year", "Implants by device and year of their first film", "implants", labels, DeviceSeries(devices, byDeviceAndYear, years))),
            Some(new("films_by_year", "Films by year of the study", "films", labels,
                OutcomeSeries(["identified", "none", "abstained", "rejected", "failed"], [.. byYear.Lines.Where(line => line["year"] is int year && years.Contains(year))]))),
            Some(new("confidence", "Films by probability of the answer", "films",
                [.. confidence.Lines.Select(line => ((double)line["probability_from"]!).ToString("0.00", CultureInfo.InvariantCulture) + "–")],
                OutcomeSeries(["identified", "none", "abstained"], confidence.Lines), LabelEvery: 2)));
    }

    private static ChartSeries[] DeviceSeries(StatisticTable devices, StatisticTable byDeviceAndYear, int[] years)
    {
        var order = devices.Lines.Where(line => (string?)line["outcome"] == "identified").Select(line => (string)line["device"]!).ToArray();
        var own = order.Length <= ChartColours.Devices.Count ? order.Length : ChartColours.Devices.Count - 1;
        var place = order.Select((device, i) => (device, i)).ToDictionary(pair => pair.device, pair => Math.Min(pair.i, own));
        var values = new long[Math.Min(order.Length, own + 1)][];
        for (var i = 0; i < values.Length; i++) values[i] = new long[years.Length];
        foreach (var line in byDeviceAndYear.Lines)
        {
            var column = line["year"] is int year ? Array.IndexOf(years, year) : -1;
            if (column >= 0) values[place[(string)line["device"]!]][column] += (long)line["implants_first_seen"]!;
        }

        return [.. values.Select((counts, i) => new ChartSeries(i < own ? order[i] : "others", ChartColours.Devices[i], counts))];
    }

    private static ChartSeries[] OutcomeSeries(string[] outcomes, IReadOnlyList<IReadOnlyDictionary<string, object?>> lines) =>
        [.. outcomes.Select(outcome => new ChartSeries(outcome, outcome, [.. lines.Select(line => (long)line[outcome]!)]))];

    private static StackedColumns? Some(StackedColumns chart) => chart.Highest > 0 ? chart : null;
}
