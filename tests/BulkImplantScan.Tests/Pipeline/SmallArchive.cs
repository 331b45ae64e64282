using BulkImplantScan.Archive;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>Thirty small phantoms, some broken, and an untrained network: enough to drive the whole pipeline in a second.</summary>
public sealed class SmallArchive : IDisposable
{
    public const int Films = 30;

    public const int Broken = 4;

    public SmallArchive()
    {
        PhantomArchive.Write(
            new() { Count = Films, Broken = Broken, OutFolder = Path.Combine(Folder, "phantoms"), Seed = 5, LongSidePixels = 160 }, null, CancellationToken.None);
        Model = UntrainedNetwork.Write(
            Path.Combine(Folder, "model"), ResidualArchitecture.Tiny, UntrainedNetwork.Catalogue(6), new InputGeometry(1, 32, 32, [0.4f], [0.25f]), seed: 3);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("bis-pipeline-").FullName;

    public string FilmsFolder => Path.Combine(Folder, "phantoms", "films");

    public ModelPackage Model { get; }

    public SiteKey Key { get; } = new(new byte[SiteKey.Bytes]);

    public async Task<RunFolder> IndexAsync(string name, int chunkFilms = 8, string? archive = null)
    {
        var run = RunFolder.Create(
            Path.Combine(Folder, name),
            new() { ProductVersion = "test", ArchiveRoot = archive ?? FilmsFolder, ChunkFilms = chunkFilms, SiteKeyId = Key.Id });
        await Indexer.RunAsync(run, Key, 2, null, CancellationToken.None);
        return RunFolder.Open(run.FullPath);
    }

    public async Task<ScanOutcome> ScanAsync(
        RunFolder run, ComputeDevice? device = null, int batch = 4, int workers = 2, ExplainPolicy explain = ExplainPolicy.None,
        Action<ScanMeter>? metered = null, ScanOptions? options = null, CancellationToken stop = default)
    {
        using var used = device ?? new CpuDevice(Model, batch, threads: 2);
        return await Scan.RunAsync(run, Model, Key, [used], (options ?? new()) with { DecodeWorkers = workers, Explain = explain }, metered, stop);
    }

    public Task<ScanOutcome> ScanOnAsync(RunFolder run, IReadOnlyList<ComputeDevice> devices, ScanOptions options) =>
        Scan.RunAsync(run, Model, Key, devices, options, null, CancellationToken.None);

    public static FilmRow[] Rows(RunFolder run) =>
        [.. Directory.GetFiles(run.PartsPath, "*.parquet").Order(StringComparer.Ordinal).SelectMany(PartFile.Read)];

    public static string[] PartHashes(RunFolder run) =>
        [.. Directory.GetFiles(run.PartsPath, "*.parquet").Order(StringComparer.Ordinal)
            .Select(part => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(part))))];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
