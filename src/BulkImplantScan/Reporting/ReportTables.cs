using BulkImplantScan.Registry;

namespace BulkImplantScan.Reporting;

/// <summary>The statistics of a report, each asked once.</summary>
internal sealed class ReportTables
{
    private readonly Dictionary<string, StatisticTable> _tables = [];

    /// <summary>Asks all of them; each stays as a table <c>report_NAME</c>, from which the files are written.</summary>
    public ReportTables(RunDatabase database, int minimumCell)
    {
        var patientGroups = ImplantsByPatientGroup.Statistic(minimumCell);
        Statistics =
        [
            ImplantsByDevice.Statistic, ImplantsByDeviceAndYear.Statistic, Registry.FilmsByYear.Statistic, OutcomesByReason.Statistic,
            ConfidenceHistogram.Statistic, OutcomesBySource.Statistic, patientGroups, AnswersBeforeMarket.Statistic, CandidateRevisions.Statistic,
        ];
        foreach (var statistic in Statistics)
        {
            database.Execute($"CREATE TABLE report_{statistic.Name} AS {statistic.Sql}");
            _tables.Add(statistic.Name, StatisticTable.Read(database, statistic, $"FROM report_{statistic.Name}"));
        }

        PatientGroups = _tables[patientGroups.Name];
        Charts = ReportCharts.Of(
            this[ImplantsByDevice.Statistic], this[ImplantsByDeviceAndYear.Statistic], this[Registry.FilmsByYear.Statistic],
            this[ConfidenceHistogram.Statistic]);
    }

    /// <summary>In the order of the page.</summary>
    public IReadOnlyList<Statistic> Statistics { get; }

    /// <summary>The breakdown by patient characteristics.</summary>
    public StatisticTable PatientGroups { get; }

    /// <summary>Drawn from the tables.</summary>
    public ReportCharts Charts { get; }

    /// <summary>The answer of a statistic.</summary>
    public StatisticTable this[Statistic statistic] => _tables[statistic.Name];
}
