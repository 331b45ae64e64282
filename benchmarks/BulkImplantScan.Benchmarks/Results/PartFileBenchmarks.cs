using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Results;

namespace BulkImplantScan.Benchmarks.Results;

/// <summary>Rows a second of a part of 4096 films with embeddings of 256 features and 7 × 7 maps; JSON lines are the naive way.</summary>
[MemoryDiagnoser]
public class PartFileBenchmarks
{
    private const int Films = 4096;
    private readonly FilmRow[] _rows = new FilmRow[Films];
    private string _folder = "";

    [GlobalSetup]
    public void MakeRows()
    {
        _folder = Directory.CreateTempSubdirectory("bulkimplantscan-bench-").FullName;
        var random = new Random(1);
        for (var i = 0; i < Films; i++)
        {
            var (embedding, cam) = (new byte[512], new byte[49]);
            random.NextBytes(embedding);
            random.NextBytes(cam);
            _rows[i] = new()
            {
                FilmIndex = i,
                FilmKey = random.NextInt64().ToString("x32"),
                Facts = new()
                {
                    Patient = random.NextInt64().ToString("x32"),
                    Study = random.NextInt64().ToString("x32"),
                    Instance = random.NextInt64().ToString("x32"),
                    StudyDate = new DateOnly(2014, 6, 1).AddDays(i / 2),
                    Side = "L",
                    Modality = "DX",
                    BodyPart = "HIP",
                    Rows = 2500,
                    Columns = 2048,
                    BitsStored = 12,
                },
                Status = FilmStatus.Identified,
                Decoder = "native",
                Voi = "window",
                PixelHash = random.NextInt64().ToString("x32"),
                TopClass = "d3",
                Probability = random.NextSingle(),
                Probabilities = [.. Enumerable.Range(0, 8).Select(_ => random.NextSingle())],
                Energy = random.NextSingle(),
                Embedding = embedding,
                Cam = cam,
                CamHeight = 7,
                CamWidth = 7,
                CamPeak = random.NextSingle(),
                CamEmpty = false,
            };
        }
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true, OperationsPerInvoke = Films)]
    public void JsonLines()
    {
        using var file = File.Create(Path.Combine(_folder, "rows.jsonl"));
        foreach (var row in _rows)
        {
            JsonSerializer.Serialize(file, row);
            file.WriteByte((byte)'\n');
        }

        file.Flush(flushToDisk: true);
    }

    [Benchmark(OperationsPerInvoke = Films)]
    public void Write() => PartFile.Write(Path.Combine(_folder, "part.parquet"), _rows);

    [Benchmark(OperationsPerInvoke = Films)]
    public int Read()
    {
        var path = Path.Combine(_folder, "part.parquet");
        if (!File.Exists(path)) Write();
        return PartFile.Read(path).Length;
    }
}
