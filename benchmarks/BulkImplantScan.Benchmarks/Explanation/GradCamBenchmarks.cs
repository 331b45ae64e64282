using BenchmarkDotNet.Attributes;
using BulkImplantScan.Explanation;

namespace BulkImplantScan.Benchmarks.Explanation;

/// <summary>Grad-CAM of a batch of 32 films on one core. films/s = 32 / mean; bytes read = 2 · 4 · N · K · H · W.</summary>
[MemoryDiagnoser]
public class GradCamBenchmarks
{
    private const int Films = 32;

    private FeatureMapShape _shape;
    private float[] _featureMaps = [], _gradients = [], _cam = [];

    /// <summary>K of a small network and of a ResNet-50.</summary>
    [Params(128, 2048)]
    public int Channels { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _shape = new(Channels, 7, 7);
        var random = new Random(1);
        _featureMaps = [.. Enumerable.Range(0, Films * _shape.Length).Select(_ => random.NextSingle())];
        _gradients = [.. Enumerable.Range(0, Films * _shape.Length).Select(_ => random.NextSingle() - 0.5f)];
        _cam = new float[Films * _shape.Positions];
    }

    /// <summary>Equations 1 and 2 as two loops.</summary>
    [Benchmark(Baseline = true)]
    public float[] Naive_loop()
    {
        for (var film = 0; film < Films; film++)
        {
            var cam = _cam.AsSpan(film * _shape.Positions, _shape.Positions);
            cam.Clear();
            for (var k = 0; k < _shape.Channels; k++)
            {
                var map = (film * _shape.Channels + k) * _shape.Positions;
                var alpha = 0f;
                for (var i = 0; i < _shape.Positions; i++) alpha += _gradients[map + i] / _shape.Positions;
                for (var i = 0; i < _shape.Positions; i++) cam[i] += alpha * _featureMaps[map + i];
            }

            for (var i = 0; i < cam.Length; i++) cam[i] = cam[i] < 0 ? 0 : cam[i];
        }

        return _cam;
    }

    [Benchmark]
    public float[] Simd()
    {
        GradCamSimd.Compute(_featureMaps, _gradients, Films, _shape, _cam);
        return _cam;
    }
}
