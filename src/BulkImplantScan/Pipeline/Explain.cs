using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>Grad-CAM of a batch; then logits and maps become rows, some films get an overlay, and the slot is free again.</summary>
internal sealed class Explain(ModelPackage model, FeatureMapShape shape, ScanOptions options, RunFolder run, SelfCheck selfCheck)
{
    /// <summary>Reads batches until they end.</summary>
    public async Task RunAsync(
        ChannelReader<FilmBatch> batches, ChannelWriter<BatchSlot> freeSlots, ChannelWriter<FilmBatch> done,
        StageMeter meter, CancellationToken fault)
    {
        await foreach (var batch in batches.ReadAllAsync(fault))
        {
            if (batch.Slot is { } slot)
            {
                var from = Stopwatch.GetTimestamp();
                Run(batch, slot);
                slot.Clear();
                batch.Slot = null;
                await freeSlots.WriteAsync(slot, fault); // never full: it has room for every slot there is
                meter.Book(from, batch.Judged.Count);
            }

            await done.WriteAsync(batch, fault);
        }
    }

    private void Run(FilmBatch batch, BatchSlot slot)
    {
        try
        {
            slot.Explain();
            Parallel.For(0, batch.Judged.Count, place => Judge(batch.Judged[place], slot, place));
        }
        catch (Exception e)
        {
            var cause = e is AggregateException { InnerException: { } inner } ? inner : e;
            if (cause is RunFolderException or SelfCheckException) ExceptionDispatchInfo.Throw(cause); // no fault of the film
            throw new ScanFaultException("explain", batch.FirstKey, cause);
        }
    }

    private void Judge(FilmInFlight film, BatchSlot slot, int place)
    {
        if (film.ExpectedInput is { } expected) selfCheck.RequireSameInput(film.Film.FilmKey, expected, slot.NetworkInput(place));
        film.ExpectedInput = null;
        var letterbox = slot.Letterbox(place);
        var cam = slot.Cam(place);
        if (film.View.IsMirrored) (letterbox, cam) = (letterbox.Mirrored(model.Input.Width), cam.Mirrored(shape.Width)); // as the film lies
        var decision = Decision.Of(model, slot.Logits(place), cam.IsFinite, slot.PooledFeatures(place));
        var isIdentified = decision.Status == FilmStatus.Identified;
        var (peakY, peakX) = OnFilm(film, cam);
        var embedding = HalfBytes(slot.PooledFeatures(place));
        film.Note(row => row with
        {
            Status = decision.Status,
            Reason = decision.Reason,
            TopClass = decision.TopClass?.Id,
            Manufacturer = isIdentified ? decision.TopClass!.Manufacturer : null,
            Model = isIdentified ? decision.TopClass!.Model : null,
            Probability = decision.Probability,
            Probabilities = decision.Probabilities,
            ConformalSet = decision.ConformalSet,
            Energy = decision.Energy,
            FeatureDistance = decision.FeatureDistance,
            Embedding = embedding,
            Cam = cam.Map8,
            CamHeight = shape.Height,
            CamWidth = shape.Width,
            CamPeak = cam.Peak,
            CamPeakY = Known(peakY),
            CamPeakX = Known(peakX),
            CamMassInFilm = Known(cam.MassInFilm),
            CamEmpty = cam.IsEmpty,
        });

        if (options.Explain == ExplainPolicy.All || (options.Explain == ExplainPolicy.Uncertain && decision.Status == FilmStatus.Abstained))
        {
            var network = slot.NetworkInput(place);
            var png = Draw(film, film.View.IsMirrored ? NetworkView.Mirrored(network, model.Input) : network, letterbox, cam.Map8);
            AtomicFile.Write(run.OverlayPath(film.Film.FilmKey, film.Row.Region), stream => stream.Write(png));
        }
    }

    /// <summary>The overlay: by default the field of view, so that no text of a border gets out; else the whole film.</summary>
    private byte[] Draw(FilmInFlight film, ReadOnlySpan<float> network, Letterbox letterbox, byte[] map8)
    {
        if (film.Picture is { } picture)
            return Overlay.OnPicture(picture, film.Whole, film.View.Field, model.Input, letterbox, map8, shape);
        var shown = options.OverlayCrop && film.Field != film.View.Field ? letterbox.Cut(film.View.Field, film.Field) : letterbox;
        return Overlay.Png(network, model.Input, shown, map8, shape);
    }

    /// <summary>The peak's place on the whole film: the network may have been shown a part.</summary>
    private static (float Y, float X) OnFilm(FilmInFlight film, CamSummary cam)
    {
        var (shown, whole) = (film.View.Field, film.Whole);
        return shown == whole
            ? (cam.PeakY, cam.PeakX)
            : ((shown.Top + cam.PeakY * shown.Rows) / whole.Rows, (shown.Left + cam.PeakX * shown.Columns) / whole.Columns);
    }

    private static float? Known(float value) => float.IsNaN(value) ? null : value;

    private static byte[] HalfBytes(ReadOnlySpan<float> values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)values[i]);
        return bytes;
    }
}
