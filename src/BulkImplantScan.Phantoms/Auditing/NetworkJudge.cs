using BulkImplantScan.Assessment;
using BulkImplantScan.Auditing;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>Renders films and asks a model, as a scan would: each film becomes a DICOM file in memory, and goes through the engine's own
/// reader, field of view, grayscale pipeline, resampling, network and Grad-CAM.</summary>
/// <remarks>A batch of films at a time: memory does not grow with their number.</remarks>
public sealed class NetworkJudge : IDisposable
{
    private const int Batch = 16;

    private readonly ModelPackage _package;
    private readonly ParallelOptions _parallel;
    private readonly HostNetwork _network;
    private readonly PixelBufferPool _pool;
    private readonly float[] _cam;

    /// <summary>Loads a model.</summary>
    /// <param name="package">Which.</param>
    /// <param name="threads">Films rendered at once, and threads of the network; does not change an answer.</param>
    /// <param name="stop">Cancels between films.</param>
    public NetworkJudge(ModelPackage package, int threads, CancellationToken stop)
    {
        (_package, _pool) = (package, new(threads));
        _parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = stop };
        _network = new(package, Batch, threads);
        _cam = new float[_network.Shape.Positions];
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
        _network.Dispose();
        _pool.Dispose();
    }

    private AuditAnswer[] JudgeBatch(AuditFilm[] films)
    {
        var seen = new PhantomInput[films.Length];
        Parallel.For(
            0, films.Length, _parallel, () => new PhantomReader(_package.Input, _pool),
            (i, _, reader) =>
            {
                seen[i] = reader.Read(films[i], _network.Input(i));
                return reader;
            },
            _ => { });
        _network.Run();
        Films += films.Length;
        Progress?.Invoke(Films);
        return [.. seen.Select(Answer)];
    }

    private AuditAnswer Answer(PhantomInput seen, int i)
    {
        var shape = _network.Shape;
        var decision = Decision.Of(_package, _network.Logits(i), explanationIsFinite: true);
        if (decision.Probabilities.Length == 0) throw new ModelPackageException($"The model of {_package.Folder} gives logits that are not finite.");
        double[] probabilities = [.. decision.Probabilities.Select(p => (double)p)];
        if (seen.Mask is null) return new(probabilities);
        GradCamSimd.Compute(_network.FeatureMaps(i), _network.Gradients(i), 1, shape, _cam);
        var summary = CamSummary.Of(_cam, shape, seen.Box, _package.Input);
        if (summary.IsEmpty || !summary.IsFinite) return new(probabilities);
        var cam = new FilmCam(summary.Map8, shape.Height, shape.Width, summary.PeakY, summary.PeakX, seen.Rows, seen.Columns, seen.Field, IsRegion: false, IsSquare: true);
        var place = CamPlace.Of(cam, seen.Mask, new(_package.Input.Height, _package.Input.Width, _package.Input.FieldOfView == InputField.Crop));
        return new(probabilities, place.Energy, place.MaskShare);
    }
}
