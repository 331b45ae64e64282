using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Dicom.Codecs;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>Mutated headers and films (docs/dicom.md, Fuzzing): some minutes of it here, the whole by <c>tests/fuzz.sh</c>.</summary>
public sealed class FuzzTests
{
    // A case is a number of this seed; another one tries other cases.
    private const ulong DefaultSeed = 20261124;
    private const int DefaultHeaders = 400_000;
    private const int DefaultFilms = 15_000;
    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(75);

    private static string Folder { get; } = Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Fuzz");

    [Fact]
    public void Mutated_headers_give_rows_neither_crashes_nor_hangs_nor_memory()
    {
        var run = new FuzzRun(new(), Seed, Path.Combine(Folder, "found"));
        run.Execute(static () => new HeaderFuzz(), "headers", Setting("BIS_FUZZ_HEADERS", DefaultHeaders), Time, Workers);
        Report(run, "headers");
        Assert.True(run.Failures.Count == 0, string.Join('\n', run.Failures));

        // Mutations that break everything would test only the first check.
        Assert.True(run.Done >= 1000, run.Summary);
        Assert.True(run.Outcomes.GetValueOrDefault(nameof(Reason.None)) > run.Done / 20, run.Summary);
        Assert.True(run.Outcomes.GetValueOrDefault(nameof(Reason.MalformedDataSet)) > run.Done / 20, run.Summary);
    }

    [Fact]
    public void Mutated_films_give_their_pixels_or_a_reason_never_others()
    {
        var seeds = new FuzzSeeds();
        using (var teacher = new FilmFuzz())
        {
            foreach (var seed in seeds.Films)
            {
                teacher.Learn(seed);

                // A seed that does not decode tests nothing: each of our own does, unless its library is not here or there is none.
                var syntax = OfFile(seed);
                if (!seed.Name.StartsWith("own/", StringComparison.Ordinal) || NativeLibraries.IsMissing(syntax)) continue;
                Assert.True(seed.Truth.Length > 0 && seed.Truth.All(frame => frame.Reason == Reason.None), $"{seed.Name} ({syntax}) is no film: {string.Join(", ", seed.Truth.Select(frame => frame.Reason))}");
            }
        }

        var run = new FuzzRun(seeds, Seed, Path.Combine(Folder, "found"));
        run.Execute(static () => new FilmFuzz(), "films", Setting("BIS_FUZZ_FILMS", DefaultFilms), Time, Workers);
        Report(run, "films");
        Assert.True(run.Failures.Count == 0, string.Join('\n', run.Failures));
        Assert.True(run.Done >= 200, run.Summary);
        Assert.True(run.Outcomes.Where(o => o.Key.StartsWith("decoded", StringComparison.Ordinal)).Sum(o => o.Value) > run.Done / 10, run.Summary);
    }

    /// <summary>Recipes of inputs that once failed (named by what they broke), and of a few that are hard.</summary>
    [Fact]
    public void Inputs_that_once_failed_no_longer_do()
    {
        var seeds = new FuzzSeeds();
        var faults = new List<string>();
        using var films = new FilmFuzz();
        using var headers = new HeaderFuzz();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Folder, "Recipes"), "*.txt").Order(StringComparer.Ordinal))
        {
            // Of those whose seed is a real film, only where real films are. Our own are everywhere.
            var text = File.ReadAllText(path);
            if (FuzzRecipe.Read(text, seeds) is not { } recipe)
            {
                Assert.True(FuzzRecipe.Seeds(text).Any(name => name.StartsWith("shared/", StringComparison.Ordinal)), $"{Path.GetFileName(path)}: no such seed");
                continue;
            }

            if (recipe.IsFilm) films.Learn(recipe.Seed);
            var input = Array.Empty<byte>();
            IFuzzTarget target = recipe.IsFilm ? films : headers;
            if (FuzzRun.TryOnce(target, recipe.Seed, recipe.Edits, ref input, out _) is { } fault) faults.Add($"{Path.GetFileName(path)}: {fault}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void A_case_is_the_same_input_whenever_it_is_made_and_its_recipe_makes_it_again()
    {
        var seeds = new FuzzSeeds();
        for (var number = 0; number < 400; number++)
        {
            var isFilm = number % 2 == 1;
            var (seed, edits) = Make(seeds, number, isFilm);
            var (_, again) = Make(seeds, number, isFilm);
            var read = FuzzRecipe.Read(FuzzRecipe.Write(seed, isFilm, edits, "why"), seeds)!.Value;
            Assert.Same(seed, read.Seed);
            byte[] first = new byte[seed.LargestInput(edits)], second = new byte[first.Length], third = new byte[first.Length];
            Assert.Equal(seed.Build(edits, first), seed.Build(again, second));
            seed.Build(read.Edits, third);
            Assert.Equal(first, second);
            Assert.Equal(first, third);
        }
    }

    [Fact]
    public void A_decoder_that_leaves_samples_unwritten_or_touches_others_is_found()
    {
        // The oracles themselves: an edit that is said to change nothing, but did.
        var seeds = new FuzzSeeds();
        var seed = seeds.Find("own/native-12", isFilm: true)!;
        using var fuzz = new FilmFuzz();
        fuzz.Learn(seed);
        var pixels = seed.Map.PixelData!.Value;
        var input = Array.Empty<byte>();
        Assert.Null(FuzzRun.TryOnce(fuzz, seed, [new(pixels.ValueAt + 10, 1, (byte[])[0x5A])], ref input, out _));
        seed.Truth[0].Pixels[100] ^= 1;
        Assert.Contains("other pixels", FuzzRun.TryOnce(fuzz, seed, [new(pixels.End, 0, (byte[])[1])], ref input, out _)!.What, StringComparison.Ordinal);
    }

    private static ulong Seed => (ulong)Setting("BIS_FUZZ_SEED", (long)DefaultSeed);

    private static int Workers => (int)Setting("BIS_FUZZ_WORKERS", Environment.ProcessorCount);

    private static TimeSpan Time => Environment.GetEnvironmentVariable("BIS_FUZZ_SECONDS") is { Length: > 0 }
        ? TimeSpan.FromSeconds(Setting("BIS_FUZZ_SECONDS", 0))
        : DefaultTime;

    private static long Setting(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static (FuzzSeed Seed, List<Edit> Edits) Make(FuzzSeeds seeds, int number, bool isFilm)
    {
        var draw = FuzzDraw.Of(DefaultSeed, number);
        var seed = isFilm ? seeds.Film(ref draw) : seeds.Header(ref draw);
        var edits = new List<Edit>();
        new Mutator(seeds).Mutate(seed, isFilm, ref draw, edits);
        return (seed, edits);
    }

    private static string OfFile(FuzzSeed seed)
    {
        var dataset = new DicomDataset();
        DicomReader.Parse(seed.Bytes, isWholeFile: true, dataset);
        return dataset.TransferSyntax ?? "";
    }

    private static void Report(FuzzRun run, string what)
    {
        TestContext.Current.SendDiagnosticMessage(run.Summary);
        File.WriteAllText(Path.Combine(Folder, "found", $"{what}-summary.txt"), run.Summary);
    }
}
