using System.Security.Cryptography;
using System.Text.Json;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>Scans what is missing of a run: the one call for a program that embeds the engine.</summary>
public static class Scan
{
    /// <summary>Scans until the run is complete or <paramref name="stop"/> is asked for.</summary>
    /// <param name="run">An indexed run.</param>
    /// <param name="model">The network; the run's first scan decides, later ones must bring the same.</param>
    /// <param name="key">The key that the run was indexed with.</param>
    /// <param name="devices">Compute the batches, each those of its own chunks; made for <paramref name="model"/>, and of one kind.</param>
    /// <param name="options">Workers, slots, pictures.</param>
    /// <param name="metered">Called once with the live figures.</param>
    /// <param name="stop">Asks to finish what is in flight.</param>
    /// <exception cref="RunFolderException">No inventory, another key, model or setting than the run's, or it cannot be written.</exception>
    /// <exception cref="ScanFaultException">A stage threw at a film.</exception>
    /// <exception cref="SelfCheckException">A film came out otherwise on the plain path.</exception>
    public static async Task<ScanOutcome> RunAsync(
        RunFolder run, ModelPackage model, SiteKey key, IReadOnlyList<ComputeDevice> devices, ScanOptions options,
        Action<ScanMeter>? metered, CancellationToken stop)
    {
        var kind = devices.Select(device => device.Kind).Distinct(StringComparer.Ordinal).Single(); // last digits differ between kinds
        if (!run.HasInventory)
            throw new RunFolderException($"{run.FullPath} has no inventory yet. Make it with: index ARCHIVE --run {run.FullPath}");
        run.RequireKey(key);
        run.RequireReader(SecondReader.InRun(options.SecondReader));
        run.Begin(
            new(model.Name, Fingerprint(model), [.. model.Classes.Select(c => new RunClass(c.Id, c.Kind.ToString().ToLowerInvariant(), c.Manufacturer, c.Model, c.MarketedFrom))])
            {
                Input = new(model.Input.Height, model.Input.Width, model.Input.FieldOfView == InputField.Crop),
                ConformalFilms = model.Thresholds.ConformalFilms,
                ConformalMiss = model.Thresholds.ConformalMiss,
            },
            new()
            {
                DeviceKind = kind,
                Precision = devices[0].Precision.Word(),
                MaxFilmBytes = options.MaxFilmBytes,
                FieldOfView = options.FieldOfView.ToString().ToLowerInvariant(),
                Regions = options.Regions.ToString().ToLowerInvariant(),
                ExactDecode = options.ExactDecode,
                NativeCodecs = options.NativeCodecs.Mode != NativeCodecMode.Off,
            },
            [.. devices.Select(device => new RunDevice(device.Description, device.BatchSize, [.. device.Notes]))]);
        if (options.Explain != ExplainPolicy.None) AtomicFile.Guard(run.OverlaysPath, () => Directory.CreateDirectory(run.OverlaysPath));

        using var pool = new PixelBufferPool(keepPerClass: 2 * ((devices.Count * options.DecodeWorkers) + (options.Slots * devices.Sum(device => device.BatchSize))));
        using var codecs = new NativeCodecs(options.NativeCodecs);
        var meter = await new ScanPipeline(run, model, devices, pool, codecs, options).RunAsync(key, metered, stop);
        foreach (var device in devices) device.SumUp();
        var log = new ScanLog(run);
        log.Append(meter, devices, codecs);
        return new(meter, meter.Before + meter.Published == meter.Films);
    }

    /// <summary>Hash of all of the package that can change a row: network, classes, input, temperature, thresholds.</summary>
    internal static string Fingerprint(ModelPackage model) => Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(new { model.Sha256, model.Classes, model.Input, model.Tensors, model.Temperature, model.Thresholds })));
}
