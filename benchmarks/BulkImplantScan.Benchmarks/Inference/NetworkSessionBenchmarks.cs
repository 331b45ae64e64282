using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Benchmarks.Inference;

/// <summary>Films a second = batch / mean. One thread a session is what a machine with decode workers gives it. Beside the network of <c>train</c> stands
/// one that everybody knows, since rates of different machines say nothing: ResNet-18 at 224².</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "CleanUp disposes: BenchmarkDotNet's way")]
public class NetworkSessionBenchmarks
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"bis-bench-{Guid.NewGuid():N}");

    // Pinned arrays do not move, but are collected when nobody holds them.
    private readonly List<float[]> _arrays = [];
    private NetworkSession? _session;
    private BoundBatch? _bound;

    [Params(1, 16)]
    public int Batch { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup(Target = nameof(Residual_320))]
    public void SetUp() => Open(ResidualArchitecture.Small, new(1, 320, 320, [0.4f], [0.3f]));

    [GlobalSetup(Target = nameof(ResNet18_224))]
    public void SetUpResNet18() => Open(ResidualArchitecture.ResNet18, new(3, 224, 224, [0.4f, 0.4f, 0.4f], [0.3f, 0.3f, 0.3f]));

    [GlobalCleanup]
    public void CleanUp()
    {
        _bound?.Dispose();
        _session?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public void Residual_320() => _bound!.Run();

    [Benchmark]
    public void ResNet18_224() => _bound!.Run();

    private void Open(ResidualArchitecture network, InputGeometry input)
    {
        var package = UntrainedNetwork.Write(_folder, network, UntrainedNetwork.Catalogue(6), input, seed: 1);
        _session = new(package, Batch, Threads);
        var maps = Batch * _session.FeatureMapShape.Length;
        _bound = _session.Bind(new(
            Pinned(Batch * input.FilmLength), Pinned(Batch * _session.ClassCount), Pinned(maps), Pinned(maps), NetworkMemory.Cpu));
    }

    private nint Pinned(int length)
    {
        var array = GC.AllocateArray<float>(length, pinned: true);
        foreach (ref var value in array.AsSpan()) value = Random.Shared.NextSingle() - 0.5f;
        _arrays.Add(array);
        return Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
    }
}
