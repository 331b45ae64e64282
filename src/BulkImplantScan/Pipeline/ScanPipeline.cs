using System.Collections.Concurrent;
using System.Threading.Channels;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>The product on one screen: every stage and every channel, in the order in which a film flows.</summary>
/// <remarks><code>
/// Source ─▶ Decode ─▶ Stage ─▶ Preprocess ─▶ Infer ─▶ Explain ─▶ Record
/// bytes     stored    batch    NCHW tensor   logits,   cam,       row ─▶ part
///           pixels    slot     on device     A, dY/dA  summary
/// </code>
/// Each arrow is a bounded channel: a full one makes the stage before it wait, so memory does not grow with the archive.
/// Films keep their order from end to end, so batches, and with them rows, do not depend on how many workers there are.
/// Every device has such a line of its own, which takes chunk after chunk; the lines share the places of the decode workers.</remarks>
public sealed class ScanPipeline(
    RunFolder run, ModelPackage model, IReadOnlyList<ComputeDevice> devices, PixelBufferPool pool, NativeCodecs codecs, ScanOptions options)
{
    /// <summary>Scans the chunks that have no part yet.</summary>
    /// <param name="key">The key that the run's pseudonyms were made with.</param>
    /// <param name="metered">Called once, before the first film, with the figures to watch.</param>
    /// <param name="stop">Asks to finish what is in flight and leave; the chunk that stays incomplete is done by the next scan.</param>
    /// <exception cref="ScanFaultException">A stage threw at a film; finished parts stay.</exception>
    /// <exception cref="SelfCheckException">A film came out otherwise on the plain path.</exception>
    /// <exception cref="RunFolderException">The run cannot be read or written (a full disk, say).</exception>
    public async Task<ScanMeter> RunAsync(SiteKey key, Action<ScanMeter>? metered, CancellationToken stop)
    {
        using var inventory = new InventoryReader(run.InventoryPath);
        var chunks = new ConcurrentQueue<Chunk>(run.MissingParts(inventory.Chunks));
        var selfCheck = new SelfCheck(options.SelfCheckEvery, model.Input);
        var wanted = new DecodeSettings
        {
            NativeCodecs = codecs,
            LeastSide = options.ExactDecode ? 0 : ReducedResolution.LeastSide(model.Input),
        };
        using var cores = new SemaphoreSlim(options.DecodeWorkers);

        var source = new StageMeter("source", devices.Count);
        var decoding = new StageMeter("decode", options.DecodeWorkers);
        var staging = new StageMeter("stage", devices.Count);
        var preprocessing = new StageMeter("preprocess", devices.Count);
        var inferring = new StageMeter("infer", devices.Count);
        var explaining = new StageMeter("explain", devices.Count);
        var recording = new StageMeter("record", devices.Count);
        var meter = new ScanMeter(
            inventory.FilmCount, inventory.FilmCount - chunks.Sum(chunk => (long)chunk.FilmCount),
            [source, decoding, staging, preprocessing, inferring, explaining, recording]);

        using var held = new Held();
        await using var stages = new StageTasks();
        var fault = stages.Fault;
        List<Action> lines = [.. devices.Select(Line)];
        metered?.Invoke(meter);
        foreach (var start in lines) start();
        await stages.WhenAllAsync();
        return meter;

        Action Line(ComputeDevice device)
        {
            var slots = held.Keep(new SlotRing(device, options.Slots));
            var files = held.Keep(new FilmFiles(run.Manifest.Roots, pool, options.MaxFilmBytes, stop));
            var decode = new Decode(pool, Decode.Seed(key), model.Input, wanted, options, device.Decoding(options), selfCheck);
            var explain = new Explain(model, device.FeatureMapShape, options, run, selfCheck);

            var read = Channel.CreateBounded<FilmInFlight>(options.DecodeWorkers);
            var decoded = Channel.CreateBounded<FilmInFlight>(options.DecodeWorkers);
            var staged = Channel.CreateBounded<FilmBatch>(1);
            var preprocessed = Channel.CreateBounded<FilmBatch>(1);
            var inferred = Channel.CreateBounded<FilmBatch>(1);
            var explained = Channel.CreateBounded<FilmBatch>(1);
            decoding.Watch(read.Reader);
            staging.Watch(decoded.Reader);
            preprocessing.Watch(staged.Reader);
            inferring.Watch(preprocessed.Reader);
            explaining.Watch(inferred.Reader);
            recording.Watch(explained.Reader);

            return () =>
            {
                stages.Run(read, () => Source.RunAsync(inventory, chunks, files, read, source, stop, fault));
                stages.Run(decoded, () => OrderedWorkers.RunAsync(read, decoded.Writer, options.DecodeWorkers, cores, decode.Run, decoding, fault));
                stages.Run(staged, () => Stage.RunAsync(decoded, slots.Free, staged, device.BatchSize, staging, fault));
                stages.Run(preprocessed, () => Compute.RunAsync(staged, preprocessed, slot => slot.Preprocess(), preprocessing, fault));
                stages.Run(inferred, () => Compute.RunAsync(preprocessed, inferred, slot => slot.Infer(), inferring, fault));
                stages.Run(explained, () => explain.RunAsync(inferred, slots.Return, explained, explaining, fault));
                stages.Run(() => Record.RunAsync(explained, run, meter, recording, fault));
            };
        }
    }
}
