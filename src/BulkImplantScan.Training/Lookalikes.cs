using System.Collections.Concurrent;
using System.Text;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Training;

/// <summary>Films to judge with that look like films to train on, of other patients or of nobody (<see cref="FilmPrint"/>): perhaps the same picture.</summary>
/// <remarks>Told, not refused: whoever looks at them knows. What has the same pixels is refused (<see cref="Leaks"/>).</remarks>
internal static class Lookalikes
{
    /// <summary>Pairs, by the position of the film that judges.</summary>
    public static IReadOnlyList<(int Trained, int Judged)> Between(FilmSet training, IReadOnlyList<int> trained, FilmSet judging, IReadOnlyList<int> judged)
    {
        var found = new ConcurrentBag<(int Trained, int Judged)>();
        Parallel.ForEach(judged, film =>
        {
            foreach (var other in trained)
                if (training.Print(other).IsOfSamePicture(judging.Print(film))) found.Add((other, film));
        });
        return [.. found.OrderBy(pair => pair.Judged).ThenBy(pair => pair.Trained)];
    }

    /// <summary>Lists pairs in <c>lookalikes-NAME.csv</c>; without any, no file.</summary>
    /// <param name="folder">Beside the package, not in it: paths may name patients.</param>
    /// <param name="name">Which films were held against those to train on.</param>
    /// <param name="training">Films to train on.</param>
    /// <param name="judging">Films to judge with.</param>
    /// <param name="pairs">Of <see cref="Between"/>.</param>
    /// <returns>A sentence for the user; null without any.</returns>
    public static string? Tell(string folder, string name, FilmSet training, FilmSet judging, IReadOnlyList<(int Trained, int Judged)> pairs)
    {
        if (pairs.Count == 0) return null;
        var text = new StringBuilder("training,").Append(name).Append('\n');
        foreach (var (trained, judged) in pairs) text.Append(Quoted(training.Films[trained].Path)).Append(',').Append(Quoted(judging.Films[judged].Path)).Append('\n');
        var file = Path.Combine(folder, $"lookalikes-{name}.csv");
        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
        return $"{pairs.Select(pair => pair.Judged).Distinct().Count()} films of the {name} look like films to train on ({file}): if they are the same pictures, figures are too good. Look at them, and give each picture one patient.";
    }

    private static string Quoted(string path) => $"\"{path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
