using BenchmarkDotNet.Attributes;
using BulkImplantScan.Phantoms;

namespace BulkImplantScan.Benchmarks.Phantoms;

/// <summary>Films of seven designs on one core; two cores make twice as many, since films are independent.</summary>
/// <remarks>The baseline is the size that training sees; full size has about 20 times the pixels.</remarks>
[MemoryDiagnoser]
public class PhantomBenchmarks
{
    private const int Films = 14;
    private readonly Design[] _designs = [Design.None, .. Designs.Known];

    [Benchmark(Baseline = true, OperationsPerInvoke = Films)]
    public int Render_512() => Render(512);

    [Benchmark(OperationsPerInvoke = Films)]
    public int Render_full_size() => Render(null);

    private int Render(int? longSidePixels)
    {
        var sum = 0;
        for (var i = 0; i < Films; i++) sum += Phantom.Render((ulong)i, _designs[i % _designs.Length], longSidePixels).Stored[0];
        return sum;
    }
}
