using BenchmarkDotNet.Attributes;
using BulkImplantScan.Archive;
using BulkImplantScan.Registry;
using BulkImplantScan.Reporting;
using BulkImplantScan.Results;

namespace BulkImplantScan.Benchmarks.Registry;

/// <summary>Questions to a run of 100,000 films in 25 parts. Films/s = 100,000 / time.</summary>
/// <remarks>The baseline reads every row and counts the films of each device: what a report without DuckDB would do first.</remarks>
[MemoryDiagnoser]
public class StatisticBenchmarks
{
    private const int Films = 100_000;
    private string _run = "";
    private RunDatabase _database = null!;

    [GlobalSetup]
    public void Setup()
    {
        _run = Directory.CreateTempSubdirectory("bulkimplantscan-benchmark-").FullName;
        var run = RunFolder.Create(_run, new() { ProductVersion = "0", ArchiveRoot = "/archive", ChunkFilms = Chunk.Films, SiteKeyId = "0" });
        var random = new Random(1);
        using (var inventory = new InventoryWriter(run.InventoryPath))
        {
            run.Begin(
                new("model", "0", [.. Enumerable.Range(0, 6).Select(d => new RunClass($"d{d}", "device", "Maker", $"Model {d}"))]),
                new() { DeviceKind = "cpu", Precision = "fp32", MaxFilmBytes = 1 });
            foreach (var chunk in Enumerable.Range(0, Films).Select(film => Row(film, random)).Chunk(Chunk.Films))
            {
                foreach (var row in chunk)
                    inventory.Add(new() { FilmIndex = row.FilmIndex, FilmKey = row.FilmKey, Path = [(byte)'x'], Facts = row.Facts });
                PartFile.Write(run.PartPath((int)(chunk[0].FilmIndex / Chunk.Films)), chunk);
            }

            inventory.Publish();
        }

        run.Save(run.Manifest with { Films = Films });
        _database = RunDatabase.Open(_run);

        // Both must count the same, or the comparison is void.
        var counted = StatisticTable.Read(_database, ImplantsByDevice.Statistic).Lines.ToDictionary(line => $"{line["outcome"]} {line["device"]}", line => line["films"]);
        foreach (var (device, films) in ReadRowsAndCount())
            if (!films.Equals(Convert.ToInt32(counted[$"identified {device}"], null))) throw new InvalidOperationException(device);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _database.Dispose();
        Directory.Delete(_run, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public Dictionary<string, int> ReadRowsAndCount()
    {
        var films = new Dictionary<string, int>();
        foreach (var part in Directory.EnumerateFiles(Path.Combine(_run, "parts")))
        {
            foreach (var row in PartFile.Read(part).Where(row => row.Status == FilmStatus.Identified))
            {
                var device = $"{row.Manufacturer} {row.Model}";
                films[device] = films.GetValueOrDefault(device) + 1;
            }
        }

        return films;
    }

    [Benchmark]
    public long DevicesInSql() => StatisticTable.Read(_database, ImplantsByDevice.Statistic).Total;

    [Benchmark]
    public bool LedgerCheck() => Ledger.Check(_run).Ok;

    [Benchmark]
    public string WholeReport() => Report.Write(_run).Html;

    private static FilmRow Row(int film, Random random)
    {
        var status = (FilmStatus)(random.Next(10) switch { < 6 => 0, < 8 => 1, 8 => 2, _ => 4 });
        var device = random.Next(6);
        var embedding = new byte[128];
        random.NextBytes(embedding);
        return new()
        {
            FilmIndex = film,
            FilmKey = Pseudonym('f', film),
            Facts = new()
            {
                Patient = Pseudonym('a', film / 2), Study = Pseudonym('b', film * 2 / 3), Instance = Pseudonym('c', film), Site = "s",
                StudyDate = new DateOnly(2014, 1, 1).AddDays(random.Next(3000)), Side = random.Next(2) == 0 ? "L" : "R",
                AgeBand = "80-89", Sex = "F", MachineMaker = "Maker", MachineModel = "Machine",
            },
            Status = status,
            Reason = status switch { FilmStatus.Abstained => Reason.LowConfidence, FilmStatus.Failed => Reason.TruncatedPixelData, _ => Reason.None },
            PixelHash = Pseudonym('d', film),
            TopClass = $"d{device}",
            Manufacturer = status == FilmStatus.Identified ? "Maker" : null,
            Model = status == FilmStatus.Identified ? $"Model {device}" : null,
            Probability = random.NextSingle(),
            Embedding = embedding,
            Cam = new byte[49],
            CamHeight = 7,
            CamWidth = 7,
        };
    }

    private static string Pseudonym(char kind, int number) => kind + (number * 2654435761u).ToString("x31", null);
}
