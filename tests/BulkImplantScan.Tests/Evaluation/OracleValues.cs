using System.Globalization;

namespace BulkImplantScan.Tests.Evaluation;

/// <summary>Lines of the files in Oracle/, which the scripts beside them made.</summary>
internal static class OracleValues
{
    public static IEnumerable<string[]> Lines(string kind) =>
        Directory.GetFiles(Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Evaluation", "Oracle"), "*.csv").SelectMany(File.ReadLines)
            .Select(line => line.Split(',')).Where(cells => cells[0] == kind);

    public static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    public static double[] Numbers(string cell) => Array.ConvertAll(cell.Split(';'), Number);
}
