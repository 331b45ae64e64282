using BenchmarkDotNet.Attributes;
using BulkImplantScan.Phantoms;

namespace BulkImplantScan.Benchmarks.Phantoms;

/// <summary>Films of seven designs on one core, and archives written by all cores: encoded, named, with labels and truth.</summary>
/// <remarks>The baseline is the size that training sees; full size has about 20 times the pixels.</remarks>
[MemoryDiagnoser]
public class PhantomBenchmarks
{
    private const int Films = 14;
    private const int Written = 40;
    private readonly Design[] _designs = [Design.None, .. Designs.Known];
    private string _folder = "";

    [GlobalSetup]
    public void Setup() => _folder = Directory.CreateTempSubdirectory("phantom-benchmark-").FullName;

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true, OperationsPerInvoke = Films)]
    public int Render_512() => Render(new() { Seed = 0, Design = Design.None, LongSidePixels = 512 });

    [Benchmark(OperationsPerInvoke = Films)]
    public int Render_512_second_edition() => Render(new() { Seed = 0, Design = Design.None, LongSidePixels = 512, Edition = PhantomEdition.Second });

    [Benchmark(OperationsPerInvoke = Films)]
    public int Render_512_pelvis() => Render(new() { Seed = 0, Design = Design.None, OtherDesign = Design.D4, LongSidePixels = 512, View = View.Pelvis });

    [Benchmark(OperationsPerInvoke = Films)]
    public int Render_full_size() => Render(new() { Seed = 0, Design = Design.None });

    [Benchmark(OperationsPerInvoke = Written)]
    public void Archive_512() => Write(512);

    [Benchmark(OperationsPerInvoke = Written)]
    public void Archive_full_size() => Write(null);

    private int Render(FilmPlan plan)
    {
        var sum = 0;
        for (var i = 0; i < Films; i++) sum += Phantom.Render(plan with { Seed = (ulong)i, Design = _designs[i % _designs.Length] }).Stored[0];
        return sum;
    }

    private void Write(int? longSidePixels)
    {
        var folder = Path.Combine(_folder, "archive");
        PhantomArchive.Write(new() { Count = Written, OutFolder = folder, LongSidePixels = longSidePixels }, null, default);
        Directory.Delete(folder, recursive: true);
    }
}
