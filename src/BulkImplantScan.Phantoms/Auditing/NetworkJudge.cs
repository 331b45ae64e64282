using System.Runtime.InteropServices;
using BulkImplantScan.Assessment;
using BulkImplantScan.Auditing;
using BulkImplantScan.Dicom;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms.Writing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>Renders films and asks a model, as a scan would: each film becomes a DICOM file in memory, and goes through the engine's own
/// reader, field of view, grayscale pipeline, resampling, network and Grad-CAM.</summary>
/// <remarks>A batch of films at a time: memory does not grow with their number.</remarks>
public sealed class NetworkJudge : IDisposable
{
    private const int Batch = 16;
    private const double Margin = 0.05; // of the long side, left round a device whose surroundings are covered

    private readonly ModelPackage _package;
    private readonly ParallelOptions _parallel;
    private readonly NetworkSession _session;
    private readonly BoundBatch _bound;
    private readonly PixelBufferPool _pool;
    private readonly float[] _input, _logits, _maps, _gradients, _cam;

    /// <summary>Loads a model.</summary>
    /// <param name="package">Which.</param>
    /// <param name="threads">Films rendered at once, and threads of the network; does not change an answer.</param>
    /// <param name="stop">Cancels between films.</param>
    public NetworkJudge(ModelPackage package, int threads, CancellationToken stop)
    {
        (_package, _pool) = (package, new(threads));
        _parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = stop };
        _session = new(package, Batch, threads);
        var shape = _session.FeatureMapShape;
        (_input, _logits) = (Pinned(Batch * package.Input.FilmLength), Pinned(Batch * _session.ClassCount));
        (_maps, _gradients, _cam) = (Pinned(Batch * shape.Length), Pinned(Batch * shape.Length), new float[shape.Positions]);
        _bound = _session.Bind(new(Address(_input), Address(_logits), Address(_maps), Address(_gradients), NetworkMemory.Cpu));
    }

    /// <summary>Films judged so far.</summary>
    public int Films { get; private set; }

    /// <summary>Told <see cref="Films"/> after each batch.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Judges films, in their order.</summary>
    public AuditAnswer[] Judge(IReadOnlyList<AuditFilm> films) => [.. films.Chunk(Batch).SelectMany(JudgeBatch)];

    /// <summary>Unloads the model.</summary>
    public void Dispose()
    {
        _bound.Dispose();
        _session.Dispose();
        _pool.Dispose();
    }

    private AuditAnswer[] JudgeBatch(AuditFilm[] films)
    {
        var (seen, length) = (new Seen[films.Length], _package.Input.FilmLength);
        Parallel.For(
            0, films.Length, _parallel, () => (Dataset: new DicomDataset(), Scratch: new PreprocessScratch()),
            (i, _, thread) =>
            {
                seen[i] = Prepare(films[i], thread.Dataset, thread.Scratch, _input.AsSpan(i * length, length));
                return thread;
            },
            _ => { });
        _bound.Run();
        Films += films.Length;
        Progress?.Invoke(Films);
        return [.. seen.Select(Answer)];
    }

    private Seen Prepare(AuditFilm asked, DicomDataset dataset, PreprocessScratch scratch, Span<float> target)
    {
        var film = Phantom.Render(asked.Plan);
        var bytes = DxWriter.Write(film, Nobody(), DxSyntax.ExplicitLittleEndian);
        if (DicomReader.Parse(bytes, isWholeFile: true, dataset) is { } parsed && (parsed.Reason != Reason.None || parsed.Status != ParseStatus.Ok))
            throw new InvalidOperationException($"a phantom cannot be parsed: {parsed.Reason}");
        var gray = GrayFilm.Of(bytes, dataset, FrameDecoder.Decode(bytes, dataset, frame: 1, DecodeSettings.Exact, _pool), _pool);
        using var pixels = gray.Pixels ?? throw new InvalidOperationException($"a phantom cannot be decoded: {gray.Reason}");
        var found = FieldDecision.Find(bytes, dataset, gray, FieldOfViewMode.Auto);
        var view = FilmView.Of(pixels, found.Crop, PixelShape.Read(bytes, dataset), _package.Input);
        using var transform = GrayscalePipeline.Compile(bytes, dataset, frame: 1, gray, found.Windowing).Transform;
        var box = PreprocessSimd.Run(pixels, transform, view, _package.Input, target, scratch);
        var mask = film.Design == Design.None ? null : film.Mask;
        if (asked.IsCovered && mask is not null) Cover(target, box, box.Cut(view.Field, Around(mask, film).Intersect(view.Field)));
        return new(box, found.Crop, film.Rows, film.Columns, mask);
    }

    private AuditAnswer Answer(Seen seen, int i)
    {
        var (classes, shape) = (_session.ClassCount, _session.FeatureMapShape);
        var decision = Decision.Of(_package, _logits.AsSpan(i * classes, classes), explanationIsFinite: true);
        if (decision.Probabilities.Length == 0) throw new ModelPackageException($"The model of {_package.Folder} gives logits that are not finite.");
        double[] probabilities = [.. decision.Probabilities.Select(p => (double)p)];
        if (seen.Mask is null) return new(probabilities);
        GradCamSimd.Compute(_maps.AsSpan(i * shape.Length, shape.Length), _gradients.AsSpan(i * shape.Length, shape.Length), 1, shape, _cam);
        var summary = CamSummary.Of(_cam, shape, seen.Box, _package.Input);
        if (summary.IsEmpty || !summary.IsFinite) return new(probabilities);
        var cam = new FilmCam(summary.Map8, shape.Height, shape.Width, summary.PeakY, summary.PeakX, seen.Rows, seen.Columns, seen.Field, IsRegion: false, IsSquare: true);
        var place = CamPlace.Of(cam, seen.Mask, new(_package.Input.Height, _package.Input.Width, _package.Input.FieldOfView == InputField.Crop));
        return new(probabilities, place.Energy, place.MaskShare);
    }

    /// <summary>The smallest rectangle that holds the device, and a margin.</summary>
    private static FieldOfView Around(byte[] mask, PhantomFilm film)
    {
        int top = film.Rows, bottom = -1, left = film.Columns, right = -1;
        for (var y = 0; y < film.Rows; y++)
        {
            var row = mask.AsSpan(y * film.Columns, film.Columns);
            if (row.IndexOfAnyExcept((byte)0) is var first && first < 0) continue;
            (top, bottom) = (Math.Min(top, y), y);
            (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOfAnyExcept((byte)0)));
        }

        if (bottom < 0) return new(0, 0, film.Rows, film.Columns);
        var margin = (int)(Margin * Math.Max(film.Rows, film.Columns));
        (top, left) = (Math.Max(0, top - margin), Math.Max(0, left - margin));
        return new(top, left, Math.Min(film.Rows, bottom + 1 + margin) - top, Math.Min(film.Columns, right + 1 + margin) - left);
    }

    /// <summary>The mean of the film over all of it that lies beside what is left.</summary>
    private void Cover(Span<float> target, Letterbox film, Letterbox left)
    {
        var (height, width) = (_package.Input.Height, _package.Input.Width);
        for (var channel = 0; channel < _package.Input.Channels; channel++)
        {
            var plane = target.Slice(channel * height * width, height * width);
            double sum = 0;
            for (var y = film.Top; y < film.Top + film.Height; y++)
                foreach (var value in plane.Slice(y * width + film.Left, film.Width)) sum += value;
            var mean = (float)(sum / ((double)film.Height * film.Width));
            for (var y = film.Top; y < film.Top + film.Height; y++)
            {
                var row = plane.Slice(y * width, width);
                if (y < left.Top || y >= left.Top + left.Height)
                {
                    row.Slice(film.Left, film.Width).Fill(mean);
                    continue;
                }

                row[film.Left..left.Left].Fill(mean);
                row[(left.Left + left.Width)..(film.Left + film.Width)].Fill(mean);
            }
        }
    }

    private static Header Nobody() => new()
    {
        PatientNumber = "PHANTOM-AUDIT",
        PatientName = "Phantom^Audit",
        Female = true,
        Birth = new(1950, 1, 1),
        Taken = new(2020, 1, 1, 12, 0, 0, DateTimeKind.Unspecified),
        Age = 70,
        Institution = "Phantom General Hospital",
        StudyUid = "2.25.1",
        SeriesUid = "2.25.2",
        InstanceUid = "2.25.3",
        Accession = "PHAUDIT",
        InstanceNumber = 1,
    };

    private static float[] Pinned(int length) => GC.AllocateArray<float>(length, pinned: true);

    private static nint Address(float[] pinned) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    private readonly record struct Seen(Letterbox Box, FieldOfView Field, int Rows, int Columns, byte[]? Mask);
}
