using BulkImplantScan.Assessment;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Auditing;

/// <summary>Test 11, second half: films of two patients, sets or labels that are one picture, compressed, scaled or windowed anew.</summary>
internal static class LookalikeTest
{
    private const int NamedPairs = 3;

    // Area means of the whole film, whatever the model is shown: 64 × 64 samples of it are compared.
    private static readonly InputGeometry Geometry = new(1, 128, 128, [0], [1]) { FieldOfView = InputField.Crop };

    /// <summary>Reads the films again, and holds each against each.</summary>
    /// <returns>Nothing where fewer than two can be read. Lines are amber, not red: whoever finds a pair must look at it.</returns>
    public static IEnumerable<AuditLine> Lines(LabelledRun run, CancellationToken stop)
    {
        LabelledFilm[] films = [.. run.Films.Where(film => film.Path is not null).DistinctBy(film => film.FilmKey)];
        var prints = Prints(films, stop);
        (films, prints) = ([.. films.Where((_, i) => prints[i] is not null)], [.. prints.Where(print => print is not null)]);
        if (films.Length < 2) return [];
        var pairs = NearDuplicates.Of(prints!).Select(pair => (One: films[pair.First], Other: films[pair.Second])).ToArray();
        return
        [
            Line("of two patients", pair => pair.One.Patient != pair.Other.Patient),
            Line("in two sets of the labels", pair => pair.One.Set is { } set && pair.Other.Set is { } other && set != other),
            Line("with another label", pair => pair.One.Truth != pair.Other.Truth),
        ];

        AuditLine Line(string measure, Func<(LabelledFilm One, LabelledFilm Other), bool> isWrong)
        {
            var wrong = Array.FindAll(pairs, pair => isWrong(pair));
            var note = wrong.Length == 0 ? "0" : $"{(wrong.Length == 1 ? "1 pair" : $"{wrong.Length} pairs")}, {string.Join(", ", wrong.Take(NamedPairs).Select(pair => $"{pair.One.FilmKey[..8]} and {pair.Other.FilmKey[..8]}"))}{(wrong.Length > NamedPairs ? ", …" : "")}";
            var among = wrong.SelectMany(pair => (string[])[pair.One.FilmKey, pair.Other.FilmKey]).Distinct().Count();
            return new("nearly the same picture", measure, films.Length, among / (double)films.Length, null, null, 0, wrong.Length == 0 ? AuditState.Green : AuditState.Amber, note);
        }
    }

    private static FilmPrint?[] Prints(LabelledFilm[] films, CancellationToken stop)
    {
        var prints = new FilmPrint?[films.Length];
        using var pool = new PixelBufferPool(Environment.ProcessorCount);
        Parallel.For(
            0, films.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop },
            () => (Reader: new FilmReader(Geometry, pool), Plane: new float[Geometry.FilmLength]),
            (i, _, thread) =>
            {
                if (thread.Reader.Read(films[i].Path!, thread.Plane, out var shown) == Reason.None) prints[i] = FilmPrint.Of(thread.Plane, Geometry.Width, shown.Box);
                return thread;
            },
            _ => { });
        return prints;
    }
}
