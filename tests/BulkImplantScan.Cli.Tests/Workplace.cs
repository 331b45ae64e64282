using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli.Tests;

/// <summary>A folder with a small archive, a model that knows nothing, and a key.</summary>
public sealed class Workplace : IDisposable
{
    public const int Films = 48;

    public Workplace()
    {
        PhantomArchive.Write(new() { Count = Films - 4, Broken = 4, OutFolder = At("phantoms"), Seed = 11, LongSidePixels = 256 }, null, CancellationToken.None);
        UntrainedNetwork.Write(At("model"), ResidualArchitecture.Small, UntrainedNetwork.Catalogue(6), new InputGeometry(1, 224, 224, [0.4f], [0.25f]), seed: 3);
        UntrainedNetwork.Write(At("slow-model"), ResidualArchitecture.Small, UntrainedNetwork.Catalogue(6), new InputGeometry(1, 1040, 1040, [0.4f], [0.25f]), seed: 3);
        UntrainedNetwork.Write(At("other-model"), ResidualArchitecture.Tiny, UntrainedNetwork.Catalogue(2), new InputGeometry(1, 32, 32, [0.4f], [0.25f]), seed: 4);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("bis-cli-").FullName;

    public string Archive => At("phantoms", "films");

    public string At(params string[] names) => Path.Combine([Folder, .. names]);

    /// <summary>scan with the archive, model and key of this workplace.</summary>
    public string[] Scan(string run, params string[] more) => ScanWith("model", run, more);

    /// <summary>The same with a model that takes seconds for these films, on a busy machine in proportion: time to stop it in its middle.</summary>
    public string[] ScanSlowly(string run, params string[] more) => ScanWith("slow-model", run, more);

    private string[] ScanWith(string model, string run, string[] more) =>
        ["scan", Archive, "--run", At(run), "--model", At(model), "--site-key", At("key"), "--chunk", "6", .. more];

    public string[] PartHashes(string run) =>
        [.. Directory.GetFiles(At(run, "parts"), "part-*.parquet").Order(StringComparer.Ordinal)
            .Select(part => Path.GetFileName(part) + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(part))))];

    public IEnumerable<FilmRow> Rows(string run) =>
        Directory.GetFiles(At(run, "parts"), "part-*.parquet").Order(StringComparer.Ordinal).SelectMany(PartFile.Read);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
