using System.Collections.Concurrent;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Auditing;

/// <summary>Pairs of films that are one picture, whatever became of their pixels (<see cref="FilmPrint"/>).</summary>
internal static class NearDuplicates
{
    /// <summary>All pairs, in order. Each film is held against each: 100,000 films are 5·10⁹ comparisons of 64 bits, seconds.</summary>
    public static (int First, int Second)[] Of(IReadOnlyList<FilmPrint> films)
    {
        var found = new ConcurrentBag<(int First, int Second)>();
        Parallel.For(0, films.Count, first =>
        {
            for (var second = first + 1; second < films.Count; second++)
                if (films[first].IsOfSamePicture(films[second])) found.Add((first, second));
        });
        return [.. found.Order()];
    }

    /// <summary>All pairs of a film of one set and a film of another, in order of the second.</summary>
    public static (int First, int Second)[] Between(IReadOnlyList<FilmPrint> some, IReadOnlyList<FilmPrint> others)
    {
        var found = new ConcurrentBag<(int First, int Second)>();
        Parallel.For(0, others.Count, second =>
        {
            for (var first = 0; first < some.Count; first++)
                if (some[first].IsOfSamePicture(others[second])) found.Add((first, second));
        });
        return [.. found.OrderBy(pair => pair.Second).ThenBy(pair => pair.First)];
    }
}
