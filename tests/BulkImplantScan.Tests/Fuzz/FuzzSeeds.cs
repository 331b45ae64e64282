using BulkImplantScan.Dicom;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>All seeds: films that this class makes, small ones of other encoders beside it, and the real films where they are.</summary>
internal sealed class FuzzSeeds
{
    // Pixels behind a header are of no use to a header: a seed of headers keeps so many bytes of them.
    private const int TailBytes = 64;

    private readonly List<FuzzSeed> _headers = [], _largeHeaders = [], _films = [], _largeFilms = [];

    public FuzzSeeds()
    {
        foreach (var seed in All())
        {
            var cut = seed.IsDeflated || seed.Map.PixelData is not { } pixels
                ? seed
                : new(seed.Name, seed.Bytes[..Math.Min(seed.Bytes.Length, pixels.ValueAt + TailBytes)]);
            (cut.Bytes.Length > 24 << 10 ? _largeHeaders : _headers).Add(cut);
            if (seed.Map.PixelData is null && !seed.IsDeflated) continue;
            (IsLarge(seed) ? _largeFilms : _films).Add(seed);
        }
    }

    public IEnumerable<FuzzSeed> Films => _films.Concat(_largeFilms);

    public IEnumerable<FuzzSeed> Headers => _headers.Concat(_largeHeaders);

    /// <summary>A header; large ones seldom, as they cost more.</summary>
    public FuzzSeed Header(ref FuzzDraw draw) =>
        _largeHeaders.Count > 0 && draw.OneIn(60) ? _largeHeaders[draw.Below(_largeHeaders.Count)] : _headers[draw.Below(_headers.Count)];

    /// <summary>A film; large ones seldom.</summary>
    public FuzzSeed Film(ref FuzzDraw draw) =>
        _largeFilms.Count > 0 && draw.OneIn(60) ? _largeFilms[draw.Below(_largeFilms.Count)] : _films[draw.Below(_films.Count)];

    /// <summary>The seed of a recipe; null where it is not here.</summary>
    public FuzzSeed? Find(string name, bool isFilm) => (isFilm ? Films : Headers).FirstOrDefault(seed => seed.Name == name);

    private static IEnumerable<FuzzSeed> All()
    {
        foreach (var seed in OwnSeeds.All()) yield return seed;
        var made = Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Fuzz", "Seeds");
        foreach (var path in Directory.EnumerateFiles(made, "*.dcm").Order(StringComparer.Ordinal))
            yield return new("own/" + Path.GetFileName(path), File.ReadAllBytes(path));

        var shared = Path.GetFullPath(Path.Combine(SharedFolder.Repository, "..", "shared", "data", "dicom"));
        if (!Directory.Exists(shared)) yield break;
        foreach (var path in Directory.EnumerateFiles(shared, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            yield return new("shared/" + Path.GetRelativePath(shared, path).Replace('\\', '/'), File.ReadAllBytes(path));
    }

    private static bool IsLarge(FuzzSeed seed)
    {
        if (seed.Bytes.Length > 300_000) return true;
        var dataset = new DicomDataset();
        DicomReader.Parse(seed.Bytes, isWholeFile: true, dataset);
        return dataset.DescribePixels(seed.Bytes).SampleCount > 300_000;
    }
}
