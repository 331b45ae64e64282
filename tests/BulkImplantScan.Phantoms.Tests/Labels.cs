namespace BulkImplantScan.Phantoms.Tests;

/// <summary>The rows of an archive's <c>labels.csv</c>, by column.</summary>
internal static class Labels
{
    public static List<Dictionary<string, string>> Read(TemporaryFolder folder)
    {
        var lines = File.ReadAllLines(Path.Combine(folder.Path, "labels.csv"));
        var names = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => names.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second))];
    }
}
