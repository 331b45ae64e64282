using System.CommandLine;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary><c>scan</c>: inventory → parts.</summary>
internal static class ScanVerb
{
    public static Command Create()
    {
        var archives = new Argument<string[]>("ARCHIVE|RUN")
        {
            Description = "folders or files (zip, tar, 7z) with films (then --run says where the answers go), or a run to continue",
            Arity = ArgumentArity.OneOrMore,
        };
        var (run, model, device, batch, workers) = (Flags.Run(), Flags.Model(), Flags.Device(), Flags.Batch(), Flags.Workers());
        var (explain, chunk, siteKey, triage, json) = (Flags.Explain(), Flags.Chunk(), Flags.SiteKey(), Flags.Triage(), Flags.Json());
        var (nativeCodecs, exactDecode) = (Flags.NativeCodecs(), Flags.ExactDecode());
        var (pictures, sidecar, reader) = (Flags.Pictures(), Flags.Sidecar(), DicomReaderChoice.Flag());
        var (fieldOfView, regions, overlayCrop) = (Flags.FieldOfView(), Flags.Regions(), Flags.OverlayCrop());
        var (selfCheck, precision, strict, deviceDecode) = (Flags.SelfCheck(), Flags.Precision(), Flags.StrictDevice(), Flags.DeviceDecode());
        var command = new Verb(
            "scan",
            "Answers for every film which device it shows. Indexes first when the run has no inventory; does only what " +
            "is missing, so the same command continues a run that was stopped.",
            "./run.sh scan /archive/hips --run runs/hips --explain uncertain")
        {
            archives, run, model, device, strict, precision, deviceDecode, batch, workers, explain, fieldOfView, regions, overlayCrop, nativeCodecs, exactDecode, pictures, sidecar, triage, reader, chunk, selfCheck,
            siteKey, json,
        };
        command.SetAction(async (parsed, stop) =>
        {
            // The model first: an hour of indexing should not end in a wrong path.
            var network = ModelPackage.Load(parsed.GetValue(model) ?? Install.DemonstrationModel);
            var how = new DeviceOptions
            {
                BatchSize = parsed.GetValue(batch),
                DecodesJpegLossless = parsed.GetValue(deviceDecode) == Switch.On,
                Network = new() { Precision = parsed.GetValue(precision), IsStrict = parsed.GetValue(strict) },
            };
            CheckDevices(parsed.GetValue(device)!, network, how);
            var key = SiteKey.LoadOrCreate(parsed.GetValue(siteKey));
            var choice = IndexChoice.Read(parsed.GetValue(triage), parsed.GetValue(pictures), parsed.GetValue(sidecar), parsed.GetValue(reader));
            var opened = await OpenRunAsync(parsed.GetRequiredValue(archives), parsed.GetValue(run), parsed.GetValue(chunk), key, choice, stop);
            var outcome = await RunAsync(
                opened, network, key, parsed.GetValue(device)!, how,
                new()
                {
                    DecodeWorkers = parsed.GetValue(workers),
                    Explain = parsed.GetValue(explain),
                    FieldOfView = parsed.GetValue(fieldOfView),
                    Regions = parsed.GetValue(regions),
                    OverlayCrop = parsed.GetValue(overlayCrop) == Switch.On,
                    SecondReader = DicomReaderChoice.Of(opened, parsed.GetValue(reader)),
                    SelfCheckEvery = parsed.GetValue(selfCheck),
                    ExactDecode = parsed.GetValue(exactDecode),
                    NativeCodecs = new() { Mode = parsed.GetValue(nativeCodecs) },
                },
                stop);
            if (parsed.GetValue(json))
                Screen.Json(new { Run = opened.FullPath, outcome.Meter.Films, Scanned = outcome.Meter.Published, Complete = outcome.IsComplete, outcome.Meter.FilmsPerSecond });
            if (outcome.IsComplete)
            {
                if (DuplicateCounts.Of(opened.FullPath).Sentence is { } sentence) Screen.Say($"scan: {sentence}");
                Screen.Say($"scan: complete. Next: ./run.sh report {parsed.GetValue(run) ?? parsed.GetRequiredValue(archives)[0]}");
                return ExitCode.Done;
            }

            Screen.Say($"scan: stopped; {outcome.Meter.Before + outcome.Meter.Published:N0} of {outcome.Meter.Films:N0} films have their row. Continue with: ./run.sh scan {opened.FullPath}");
            return stop.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Incomplete;
        });
        return command;
    }

    /// <summary>Scans what is missing, with progress.</summary>
    public static async Task<ScanOutcome> RunAsync(
        RunFolder run, ModelPackage model, SiteKey key, string deviceName, DeviceOptions how, ScanOptions options, CancellationToken stop)
    {
        var devices = DeviceChoice.Open(deviceName, model, how with { Slots = options.Slots });
        try
        {
            var batches = string.Join("; ", devices.Select(device => $"{device.Description}, {device.Precision.Word()}, batches of {device.BatchSize}"));
            Screen.Say($"scan: {run.Manifest.Films:N0} films, model {model.Name}, {batches}");
            var metered = new TaskCompletionSource<ScanMeter>();
            var scan = Task.Run(() => Scan.RunAsync(run, model, key, devices, options, metered.SetResult, stop), CancellationToken.None);
            if (await Task.WhenAny(metered.Task, scan) == metered.Task) await ScanProgress.ShowAsync(await metered.Task, scan);
            return await scan;
        }
        finally
        {
            foreach (var note in devices.SelectMany(device => device.Notes)) Screen.Say($"scan: {note}");
            foreach (var device in devices) device.Dispose();
        }
    }

    private static void CheckDevices(string names, ModelPackage model, DeviceOptions options)
    {
        try
        {
            DeviceChoice.Check(names, model, options);
        }
        catch (ArgumentException e)
        {
            throw new CliException(ExitCode.Usage, e.Message);
        }
    }

    private static async Task<RunFolder> OpenRunAsync(
        string[] archives, string? run, int chunkFilms, SiteKey key, IndexChoice choice, CancellationToken stop)
    {
        if (run is not null) return await IndexVerb.RunAsync(archives, run, chunkFilms, key, choice, stop);
        var archive = archives[0];
        if (archives.Length > 1)
            throw new CliException(ExitCode.Usage, $"To scan archives, say where the answers go: scan {string.Join(' ', archives)} --run RUN");
        if (!File.Exists(Path.Combine(archive, "run.json")))
        {
            throw new CliException(
                ExitCode.Usage, $"{Path.GetFullPath(archive)} is no run. To scan an archive, say where the answers go: scan {archive} --run RUN");
        }

        var opened = RunFolder.Open(archive);
        return opened.HasInventory && !choice.IsGiven
            ? opened
            : await IndexVerb.RunAsync(opened.Manifest.Roots, archive, opened.Manifest.ChunkFilms, key, choice, stop);
    }
}
