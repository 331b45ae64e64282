using BulkImplantScan.Archive;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Benchmarks.Pipeline;

/// <summary>A whole scan of an archive into a folder of its own, and its rows: what agreements are measured on.</summary>
internal static class PhantomScan
{
    /// <param name="model">The network.</param>
    /// <param name="device">Made for <paramref name="model"/>.</param>
    /// <param name="archive">Folder with films.</param>
    /// <param name="run">New folder.</param>
    /// <param name="options">How to scan.</param>
    /// <returns>Rows in the order of the inventory, which is the same for every scan of an archive.</returns>
    public static async Task<FilmRow[]> RunAsync(ModelPackage model, ComputeDevice device, string archive, string run, ScanOptions options)
    {
        var key = new SiteKey(new byte[SiteKey.Bytes]);
        var folder = RunFolder.Create(run, new() { ProductVersion = "agreement", ArchiveRoot = archive, ChunkFilms = Chunk.Films, SiteKeyId = key.Id });
        await Indexer.RunAsync(folder, key, Environment.ProcessorCount, null, CancellationToken.None);
        folder = RunFolder.Open(folder.FullPath);
        await Scan.RunAsync(folder, model, key, [device], options, null, CancellationToken.None);
        return [.. Directory.GetFiles(folder.PartsPath, "*.parquet").Order(StringComparer.Ordinal).SelectMany(PartFile.Read)];
    }
}
