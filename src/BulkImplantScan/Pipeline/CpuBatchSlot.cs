using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Pipeline;

/// <summary>A batch in the process's own memory: SIMD writes the tensor that ONNX Runtime reads, and reads what it wrote.</summary>
internal sealed class CpuBatchSlot : BatchSlot
{
    private readonly NetworkSession _session;
    private readonly InputGeometry _geometry;
    private readonly FeatureMapShape _shape;
    private readonly PixelBufferPool _pool = new(keepPerClass: 0);
    private readonly FloatBuffer _input, _logits, _featureMaps, _gradients, _cam, _pooled;
    private readonly BoundBatch _network;
    private readonly (StoredPixels? Pixels, GrayscaleTransform? Transform, FilmView View, Letterbox Letterbox)[] _films;
    private readonly PreprocessScratch[] _scratch;

    /// <summary>Memory for one batch of <paramref name="session"/>.</summary>
    public CpuBatchSlot(NetworkSession session)
    {
        _session = session;
        _geometry = session.Package.Input;
        _shape = session.FeatureMapShape;
        var (films, maps) = (session.BatchSize, _shape.Channels * _shape.Positions);
        _input = new(_pool, films * _geometry.FilmLength);
        _logits = new(_pool, films * session.ClassCount);
        _featureMaps = new(_pool, films * maps);
        _gradients = new(_pool, films * maps);
        _cam = new(_pool, films * _shape.Positions);
        _pooled = new(_pool, films * _shape.Channels);
        _network = session.Bind(new(_input.Address, _logits.Address, _featureMaps.Address, _gradients.Address, NetworkMemory.Cpu));
        _films = new (StoredPixels?, GrayscaleTransform?, FilmView, Letterbox)[films];
        _scratch = new PreprocessScratch[films];
        for (var i = 0; i < films; i++) _scratch[i] = new();
    }

    /// <inheritdoc/>
    public override int Capacity => _films.Length;

    /// <inheritdoc/>
    /// <remarks>Preprocessing begins at once, not when the batch is full: stored pixels are ten megabytes a film, the tensor they
    /// become is a fiftieth of that, and what waits for room in memory is better small.</remarks>
    public override bool TryStage(StoredPixels pixels, GrayscaleTransform transform, FilmView view)
    {
        if (Count == Capacity) return false;
        var place = Count++;
        _films[place] = (pixels, transform, view, default);
        Begin(() => Preprocess(place));
        return true;
    }

    /// <inheritdoc/>
    public override void Preprocess()
    {
        WaitForFilms();

        // A batch is always whole: a film's result must not depend on what the last batch left behind.
        _input.Span[(Count * _geometry.FilmLength)..].Clear();
    }

    /// <inheritdoc/>
    public override void Infer() => _network.Run();

    /// <inheritdoc/>
    public override void Explain()
    {
        GradCamSimd.Compute(_featureMaps.Span, _gradients.Span, Capacity, _shape, _cam.Span);
        BulkImplantScan.Explanation.PooledFeatures.Compute(_featureMaps.Span, _shape, _pooled.Span);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Logits(int place) => _logits.Span.Slice(place * _session.ClassCount, _session.ClassCount);

    /// <inheritdoc/>
    public override CamSummary Cam(int place) =>
        CamSummary.Of(_cam.Span.Slice(place * _shape.Positions, _shape.Positions), _shape, Letterbox(place), _geometry);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> PooledFeatures(int place) => _pooled.Span.Slice(place * _shape.Channels, _shape.Channels);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> NetworkInput(int place) => Input(place);

    /// <inheritdoc/>
    public override Letterbox Letterbox(int place) => _films[place].Letterbox;

    /// <inheritdoc/>
    public override void Clear()
    {
        EndFilms();
        for (var place = 0; place < Count; place++)
        {
            _films[place].Pixels?.Dispose();
            _films[place].Transform?.Dispose();
            _films[place] = default;
        }

        Count = 0;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Clear();
        _network.Dispose();
        foreach (var buffer in (FloatBuffer[])[_input, _logits, _featureMaps, _gradients, _cam, _pooled]) buffer.Dispose();
        _pool.Dispose();
    }

    private void Preprocess(int place)
    {
        ref var film = ref _films[place];
        film.Letterbox = PreprocessSimd.Run(film.Pixels!, film.Transform!, film.View, _geometry, Input(place), _scratch[place]);
        film.Pixels!.Dispose();
        film.Transform!.Dispose();
        (film.Pixels, film.Transform) = (null, null);
    }

    private Span<float> Input(int place) => _input.Span.Slice(place * _geometry.FilmLength, _geometry.FilmLength);

    private readonly struct FloatBuffer(PixelBufferPool pool, int length) : IDisposable
    {
        private readonly PixelBuffer _buffer = pool.Rent(checked((long)length * sizeof(float)));

        public nint Address => _buffer.Address;

        public Span<float> Span => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(_buffer.Span((long)length * sizeof(float)));

        public void Dispose() => _buffer.Dispose();
    }
}
