using System.Globalization;

namespace BulkImplantScan.Tests.Evaluation;

/// <summary>Lines of Oracle/sklearn_statsmodels.csv, which the script beside it made.</summary>
internal static class OracleValues
{
    public static IEnumerable<string[]> Lines(string kind) =>
        File.ReadLines(Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Evaluation", "Oracle", "sklearn_statsmodels.csv"))
            .Select(line => line.Split(',')).Where(cells => cells[0] == kind);

    public static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    public static double[] Numbers(string cell) => Array.ConvertAll(cell.Split(';'), Number);
}
