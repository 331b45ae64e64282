using BenchmarkDotNet.Attributes;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Imaging;

/// <summary>A film of 2500 × 2048 16-bit samples into 3 × 224 × 224, on one core. films/s = 1 / mean.</summary>
/// <remarks>Eight films in turn (82 MB): they come from memory, as films do that another thread has decoded.</remarks>
[MemoryDiagnoser]
public class PreprocessBenchmarks
{
    private const int Rows = 2500, Columns = 2048, Films = 8;

    private readonly InputGeometry _input = new(3, 224, 224, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
    private readonly PreprocessScratch _scratch = new();
    private readonly StoredPixels[] _films = new StoredPixels[Films];
    private readonly GrayscaleTransform _window = GrayscaleTransform.Linear(200, 3800, inverted: true);
    private readonly GrayscaleTransform _fractionalWindow = GrayscaleTransform.Linear(200.5f, 3800.5f, inverted: true);
    private readonly GrayscaleTransform _table12 = Sigmoid(4096);
    private readonly GrayscaleTransform _table16 = Sigmoid(65536);
    private float[] _target = [];
    private int _next;

    /// <summary>Smooth shading with noise over 12 bits; over 16 for the large table.</summary>
    [Params(12, 16)]
    public int Bits { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        using var pool = new PixelBufferPool(); // disposed: the films free their memory themselves
        _target = new float[_input.FilmLength];
        var random = new Random(1);
        var full = (1 << Bits) - 1;
        for (var i = 0; i < Films; i++)
        {
            _films[i] = new(pool.Rent(2L * Rows * Columns), SampleKind.U16, Rows, Columns, 1, Bits);
            var samples = _films[i].Samples<ushort>();
            for (var at = 0; at < samples.Length; at++)
            {
                var shade = 0.5 + 0.3 * Math.Sin(at % Columns * 0.004) * Math.Cos(at / Columns * 0.003) + 0.02 * random.NextDouble();
                samples[at] = (ushort)(full * shade);
            }
        }
    }

    [GlobalCleanup]
    public void Cleanup() => Array.ForEach(_films, film => film.Dispose());

    /// <summary>The definition as a loop: each stored pixel through the transform, added to the target pixels it touches.</summary>
    [Benchmark(Baseline = true)]
    public float[] Naive_loop()
    {
        var film = Next();
        var samples = film.Samples<ushort>();
        var box = Letterbox.Fit(Rows, Columns, _input.Height, _input.Width);
        for (var c = 0; c < _input.Channels; c++)
            _target.AsSpan(c * _input.Height * _input.Width, _input.Height * _input.Width)
                .Fill((0f - _input.Mean[c]) / _input.StandardDeviation[c]);
        for (var y = 0; y < box.Height; y++)
            for (var x = 0; x < box.Width; x++)
            {
                float top = (float)y * Rows / box.Height, bottom = (float)(y + 1) * Rows / box.Height;
                float left = (float)x * Columns / box.Width, right = (float)(x + 1) * Columns / box.Width;
                float sum = 0, weights = 0;
                for (var row = (int)top; row < Math.Min(Rows, (int)MathF.Ceiling(bottom)); row++)
                    for (var column = (int)left; column < Math.Min(Columns, (int)MathF.Ceiling(right)); column++)
                    {
                        var weight = (Math.Min(row + 1, bottom) - Math.Max(row, top))
                            * (Math.Min(column + 1, right) - Math.Max(column, left));
                        sum += weight * _window.Apply(samples[row * Columns + column]);
                        weights += weight;
                    }

                for (var c = 0; c < _input.Channels; c++)
                    _target[(c * _input.Height + box.Top + y) * _input.Width + box.Left + x] =
                        (sum / weights - _input.Mean[c]) / _input.StandardDeviation[c];
            }

        return _target;
    }

    [Benchmark]
    public Letterbox Simd_window() => PreprocessSimd.Run(Next(), _window, _input, _target, _scratch);

    [Benchmark]
    public Letterbox Simd_fractional_window() => PreprocessSimd.Run(Next(), _fractionalWindow, _input, _target, _scratch);

    [Benchmark]
    public Letterbox Simd_table() =>
        PreprocessSimd.Run(Next(), Bits == 12 ? _table12 : _table16, _input, _target, _scratch);

    private StoredPixels Next() => _films[_next = (_next + 1) % Films];

    private static GrayscaleTransform Sigmoid(int entries) => GrayscaleTransform.FromTable(
        0, [.. Enumerable.Range(0, entries).Select(i => 1f / (1f + MathF.Exp(-8f * i / entries + 4f)))]);
}
