using System.Globalization;
using System.Text.Json;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary><c>gpu-ladder MODEL [--device cpu|cuda:0] [--batch N] [--film RxC] [--precision P] [--slots N] [--seconds S] [--runs N] [--json FILE]</c>:
/// films a second of the bare network, and of each step of the scan added to it.</summary>
/// <remarks><code>
/// network-bare   logits only, input on the device            the ceiling
/// network        + feature maps and gradients as outputs
/// upload         + stored pixels go up                       copies overlap the network, as in a scan
/// preprocess     + windowed, resampled, normalised
/// grad-cam       + maps, measures, pooled features; results come back
/// stage          + films copied to page-locked memory by the pool's threads
/// </code>
/// All with the scan's own slots, streams and session. What is missing to a scan is reading, decoding and writing. Beside it, times of
/// each step alone on the device, by its events. <c>cpu</c> is ILGPU's emulator: it shows that this runs, nothing else.</remarks>
internal static class LadderCommand
{
    private const string Usage =
        "gpu-ladder MODEL [--device cpu|cuda:0] [--batch N] [--film RxC] [--precision P] [--slots N] [--seconds S] [--runs N] [--json FILE]";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static int Run(string[] arguments)
    {
        if (LadderArguments.Parse(arguments, Usage) is not { } asked) return 2;
        using var device = asked.Open();
        var figures = Measure(asked, device);
        Print(figures);
        Keep(figures);
        if (asked.IsEmulator || figures.BareNetworkMs is null) return 0;

        // Last, and kept one by one: a way that fails may leave a device that fails at all that follows.
        var clock = new DeviceClock(device, asked.Seconds);
        foreach (var variant in NetworkVariant.All)
        {
            var tried = Try(variant, device, clock);
            Console.WriteLine(tried.Line);
            figures = figures with { Variants = [.. figures.Variants, tried] };
            Keep(figures);
        }

        return 0;

        void Keep(LadderFigures figures)
        {
            if (asked.Json.Length > 0) File.WriteAllText(asked.Json, JsonSerializer.Serialize(figures, Json) + "\n");
        }
    }

    private static LadderFigures Measure(LadderArguments asked, IlgpuDevice device)
    {
        using var films = new LadderFilms(asked.Film, asked.Batch);
        var slots = new IlgpuBatchSlot[asked.Slots];
        BareNetwork? bare = null;
        DeviceEvent[] done = [];
        try
        {
            for (var i = 0; i < slots.Length; i++)
            {
                slots[i] = new(device);
                films.Fill(slots[i]);
                slots[i].Preprocess(); // each slot's network reads films from now on, not what the memory held
                slots[i].Infer();
                slots[i].Explain();
            }

            done = device.Run(() => slots.Select(_ => new DeviceEvent(device.Accelerator)).ToArray());
            if (device.Separate is null) bare = device.Run(() => new BareNetwork(device));
            var (first, shape) = (slots[0], device.FeatureMapShape);
            var clock = new DeviceClock(device, asked.Seconds);
            return new()
            {
                Device = device.Description,
                IsEmulator = asked.IsEmulator,
                SharesContext = device.Separate is null,
                Model = device.Session.Package.Name,
                Precision = device.Precision.Word(),
                BatchSize = device.BatchSize,
                FilmsInBatch = first.Count,
                Slots = slots.Length,
                FilmRows = asked.Film.Rows,
                FilmColumns = asked.Film.Columns,
                FilmBytes = films.FilmBytes,
                UploadBytes = first.UploadBytes,
                StageMs = clock.HostMilliseconds(() =>
                {
                    films.Fill(first);
                    first.WaitForFilms();
                }),
                OneThreadStageMs = clock.HostMilliseconds(() => films.FillOneByOne(first)),
                UploadMs = clock.Milliseconds(device.Copy, first.Upload),
                PreprocessMs = clock.Milliseconds(device.Compute, first.Resample),
                BareNetworkMs = bare is null ? null : clock.Milliseconds(device.Compute, bare.Run),
                NetworkMs = clock.Milliseconds(device.Compute, first.Infer),
                GradCamMs = clock.Milliseconds(device.Compute, first.QueueExplanation),
                GradCamBytes = 2L * sizeof(float) * first.Count * shape.Length,
                Rungs = Climb(asked, device, slots, bare, done, films),
            };
        }
        finally
        {
            if (done.Length > 0) device.Run(() => { foreach (var place in done) place.Dispose(); });
            bare?.Dispose();
            foreach (var slot in slots) slot?.Dispose();
        }
    }

    // One at a time: each has the weights and the working memory of a whole network.
    private static VariantFigures Try(NetworkVariant variant, IlgpuDevice device, DeviceClock clock)
    {
        try
        {
            using var network = device.Run(() => new BareNetwork(device, variant));
            return new(variant.Name, clock.Milliseconds(device.Compute, network.Run), null);
        }
        catch (Exception e) when (e is OnnxRuntimeException or PlatformNotSupportedException)
        {
            return new(variant.Name, null, e.Message.ReplaceLineEndings(" "));
        }
    }

    private static List<LadderRung> Climb(
        LadderArguments asked, IlgpuDevice device, IlgpuBatchSlot[] slots, BareNetwork? bare, DeviceEvent[] done, LadderFilms films)
    {
        List<LadderRung> rungs = [];

        // A batch of the network alone is full, whatever memory films find in it.
        if (bare is not null) Climbed("network-bare", device.BatchSize, 0, [slot => Queue(slot, bare.Run), Wait]);
        Climbed("network", device.BatchSize, 0, [slot => Queue(slot, slots[slot].Infer), Wait]);
        var (count, bytes) = (slots[0].Count, slots[0].UploadBytes);
        Climbed("upload", count, bytes, [slot => slots[slot].Upload(), slot => Queue(slot, slots[slot].Infer), Wait]);
        Climbed("preprocess", count, bytes, [slot => slots[slot].Preprocess(), slot => Queue(slot, slots[slot].Infer), Wait]);
        Action<int>[] scan = [slot => slots[slot].Preprocess(), slot => slots[slot].Infer(), slot => slots[slot].Explain()];
        Climbed("grad-cam", count, bytes, scan);
        Climbed("stage", count, bytes, [slot => films.Fill(slots[slot]), .. scan]);
        return rungs;

        void Climbed(string name, int batchFilms, long uploadBytes, Action<int>[] steps)
        {
            var rates = new double[asked.Runs];
            for (var run = 0; run < rates.Length; run++) rates[run] = StepThreads.BatchesPerSecond(slots.Length, steps, asked.Seconds);
            device.Run(() =>
            {
                device.Copy.Synchronize();
                device.Compute.Synchronize(); // nothing of this rung runs in the next one's time
            });
            Array.Sort(rates);
            var median = rates[rates.Length / 2];
            rungs.Add(new(name, median * batchFilms, rates[0] * batchFilms, rates[^1] * batchFilms, median * uploadBytes));
        }

        // In one go, so that the event stands right behind this batch and not behind the next one's network.
        void Queue(int slot, Action network) => device.Run(() =>
        {
            network();
            done[slot].Record(device.Compute);
        });

        void Wait(int slot) => device.Wait(done[slot]);
    }

    private static void Print(LadderFigures figures)
    {
        var name = $"{figures.Device.Replace(',', ';')}{(figures.IsEmulator ? " (emulator: no speed)" : "")}";
        Line($"# {figures.Model}; {figures.Precision}; {figures.FilmsInBatch} films in batches of {figures.BatchSize}; {figures.Slots} slots; films of {figures.FilmRows}x{figures.FilmColumns}; {(figures.SharesContext ? "one context" : "two contexts")}");
        Line($"device,rung,films_per_s,least,most,upload_gb_per_s");
        foreach (var rung in figures.Rungs) Line($"{name},{rung.Name},{rung.FilmsPerSecond:0.0},{rung.Least:0.0},{rung.Most:0.0},{rung.UploadBytesPerSecond / 1e9:0.000}");
        Line($"device,step,ms_a_batch,gb_per_s");
        Line($"{name},stage (host; {Environment.ProcessorCount} cores),{figures.StageMs:0.000},{figures.StageBytesPerSecond / 1e9:0.000}");
        Line($"{name},stage (host; one film at a time),{figures.OneThreadStageMs:0.000},{figures.OneThreadStageBytesPerSecond / 1e9:0.000}");
        Line($"{name},upload,{figures.UploadMs:0.000},{figures.UploadBytesPerSecond / 1e9:0.000}");
        Line($"{name},preprocess,{figures.PreprocessMs:0.000},{figures.PreprocessBytesPerSecond / 1e9:0.000}");
        Line($"{name},network-bare,{figures.BareNetworkMs:0.000},");
        Line($"{name},network,{figures.NetworkMs:0.000},");
        Line($"{name},grad-cam,{figures.GradCamMs:0.000},{figures.GradCamBytesPerSecond / 1e9:0.000}");
        if (figures.GradCamShare is { } share) Line($"# Grad-CAM adds {share:P1} to preprocessing and bare network");

        static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
