using System.Globalization;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Results;

namespace BulkImplantScan.Registry;

/// <summary>What a run found, short enough for a terminal.</summary>
/// <param name="Ledger">Films in, and what became of each.</param>
/// <param name="Devices">A line for each device of the model and each other that was identified, by patients.</param>
/// <param name="Films">Films with a row, copies included.</param>
/// <param name="Studies">Studies of those.</param>
/// <param name="Patients">Patients of those.</param>
/// <param name="Implants">Patient × side × device.</param>
public sealed record RunSummary(
    LedgerBalance Ledger, IReadOnlyList<DeviceLine> Devices, long Films, long Studies, long Patients, long Implants)
{
    /// <summary>Summarises a run, finished or not.</summary>
    /// <param name="runFolder">The run.</param>
    /// <param name="options">Limits; null for the usual ones.</param>
    /// <exception cref="RunFolderException">There is no run, or a file of it is damaged.</exception>
    public static RunSummary Of(string runFolder, RunDatabaseOptions? options = null)
    {
        using var database = RunDatabase.Open(runFolder, options);
        return Of(database);
    }

    internal static RunSummary Of(RunDatabase database)
    {
        var ledger = Registry.Ledger.Check(database);
        var table = StatisticTable.Read(database, ImplantsByDevice.Statistic);
        var all = table.Lines.Single(line => (string?)line["outcome"] == "all");
        return new(
            ledger,
            [.. table.Lines.Where(line => (string?)line["outcome"] == "identified").Select(DeviceOf)],
            Count(all, "films"), Count(all, "studies"), Count(all, "patients"), Count(all, "implants"));
    }

    private static DeviceLine DeviceOf(IReadOnlyDictionary<string, object?> line)
    {
        var patients = Count(line, "patients");
        return new(
            (string)line["device"]!, Count(line, "films"), Count(line, "studies"), patients, Count(line, "implants"),
            (double?)line["patient_share"], Wilson.Of(patients, Count(line, "denominator")));
    }

    private static long Count(IReadOnlyDictionary<string, object?> line, string column) =>
        Convert.ToInt64(line[column], CultureInfo.InvariantCulture);
}
