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
}
