using System.Text;
using BulkImplantScan.Auditing;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Training;

/// <summary>Films to judge with that look like films to train on, of other patients or of nobody (<see cref="FilmPrint"/>): perhaps the same picture.</summary>
/// <remarks>Told, not refused: whoever looks at them knows. What has the same pixels is refused (<see cref="Leaks"/>).</remarks>
internal static class Lookalikes
{
    /// <summary>Lists pairs in <c>lookalikes-NAME.csv</c>; without any, no file.</summary>
    /// <param name="folder">Beside the package, not in it: paths may name patients.</param>
    /// <param name="training">Where films to train on are.</param>
    /// <param name="trained">Which.</param>
    /// <param name="judging">Where films to judge with are.</param>
    /// <param name="judged">Which.</param>
    /// <param name="name">Of those that judge.</param>
    /// <returns>A sentence for the user; null without any.</returns>
    public static string? Tell(string folder, FilmSet training, IReadOnlyList<int> trained, FilmSet judging, IReadOnlyList<int> judged, string name)
    {
        var pairs = NearDuplicates.Between([.. trained.Select(training.Print)], [.. judged.Select(judging.Print)]);
        if (pairs.Length == 0) return null;
        var text = new StringBuilder("training,").Append(name).Append('\n');
        foreach (var (first, second) in pairs)
            text.Append(Quoted(training.Films[trained[first]].Path)).Append(',').Append(Quoted(judging.Films[judged[second]].Path)).Append('\n');
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"lookalikes-{name}.csv");
        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
        return $"{pairs.Select(pair => pair.Second).Distinct().Count()} films of the {name} look like films to train on ({file}): if they are the same pictures, figures are too good. Look at them, and give each picture one patient.";
    }

    private static string Quoted(string path) => $"\"{path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
