using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Imaging;

/// <summary>Sixteen films of 2500 × 2048 16-bit samples (164 MB) into the slab of a batch: what the host does before the bus. GB/s = 0.164 / mean in s.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "CleanUp disposes: BenchmarkDotNet's way")]
public class StagingBenchmarks
{
    private const int Rows = 2500, Columns = 2048, Films = 16;

    private readonly InputGeometry _input = new(3, 224, 224, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
    private readonly GrayscaleTransform _window = GrayscaleTransform.Linear(200, 3800, inverted: true);
    private readonly StoredPixels[] _films = new StoredPixels[Films];
    private readonly Task[] _copies = new Task[Films];
    private PixelBuffer? _slab;
    private FilmBatchPacker? _packer;

    [GlobalSetup]
    public void SetUp()
    {
        using var pool = new PixelBufferPool(); // disposed: the films free their memory themselves
        for (var i = 0; i < Films; i++)
        {
            _films[i] = new(pool.Rent(2L * Rows * Columns), SampleKind.U16, Rows, Columns, 1, 12);
            _films[i].Samples<ushort>().Fill((ushort)i);
        }

        var bytes = Films * FilmBatchPacker.BytesFor(_films[0], _window, FilmView.Whole(_films[0]));
        _slab = new(bytes, pool: null);
        _packer = new(_input, Films, _slab.Address, bytes);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        Array.ForEach(_films, film => film.Dispose());
        _slab!.Dispose();
    }

    /// <summary>By one thread: the stage itself.</summary>
    [Benchmark(Baseline = true)]
    public int One_film_after_the_other()
    {
        _packer!.Clear();
        foreach (var film in _films) _packer.TryAdd(film, _window, FilmView.Whole(film), out _);
        return _packer.Count;
    }

    /// <summary>As a scan does: the stage gives places, threads of the pool copy.</summary>
    [Benchmark]
    public int Each_by_a_thread_of_the_pool()
    {
        _packer!.Clear();
        for (var i = 0; i < Films; i++)
        {
            var film = _films[i];
            _packer.TryPlace(film, _window, FilmView.Whole(film), out var place, out _);
            _copies[i] = Task.Run(() => _packer.Copy(film, place));
        }

        Task.WaitAll(_copies);
        return _packer.Count;
    }
}
