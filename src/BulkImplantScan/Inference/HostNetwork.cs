using System.Runtime.InteropServices;
using BulkImplantScan.Explanation;

namespace BulkImplantScan.Inference;

/// <summary>A network on the CPU with memory for one batch of films: write <see cref="Input"/>, <see cref="Run"/>, read the rest.</summary>
/// <remarks>For judging outside a scan (training, audit), which has a memory of its own for each slot.</remarks>
public sealed class HostNetwork : IDisposable
{
    private readonly NetworkSession _session;
    private readonly BoundBatch _bound;
    private readonly float[] _input, _logits, _maps, _gradients;
    private readonly int _length;

    /// <summary>Loads a package.</summary>
    /// <param name="package">Which.</param>
    /// <param name="batch">Films a run, 1 to <see cref="NetworkSession.MaximumBatchSize"/>.</param>
    /// <param name="threads">Threads that share a run.</param>
    /// <exception cref="ModelPackageException">As <see cref="NetworkSession"/>.</exception>
    public HostNetwork(ModelPackage package, int batch, int threads)
    {
        (_session, _length) = (new(package, batch, threads), package.Input.FilmLength);
        _input = Pinned(batch * _length);
        _logits = Pinned(batch * _session.ClassCount);
        _maps = Pinned(batch * Shape.Length);
        _gradients = Pinned(batch * Shape.Length);
        _bound = _session.Bind(new(Address(_input), Address(_logits), Address(_maps), Address(_gradients), NetworkMemory.Cpu));
    }

    /// <summary>Columns of the logits.</summary>
    public int ClassCount => _session.ClassCount;

    /// <summary>Of a film's last feature maps.</summary>
    public FeatureMapShape Shape => _session.FeatureMapShape;

    /// <summary>What the network is given of a film, [C, H, W].</summary>
    public Span<float> Input(int film) => _input.AsSpan(film * _length, _length);

    /// <summary>What it says of a film, [classes].</summary>
    public ReadOnlySpan<float> Logits(int film) => _logits.AsSpan(film * ClassCount, ClassCount);

    /// <summary>A film's last feature maps, [K, h, w].</summary>
    public ReadOnlySpan<float> FeatureMaps(int film) => _maps.AsSpan(film * Shape.Length, Shape.Length);

    /// <summary>Gradients of the largest logit by them, [K, h, w].</summary>
    public ReadOnlySpan<float> Gradients(int film) => _gradients.AsSpan(film * Shape.Length, Shape.Length);

    /// <summary>Computes a batch.</summary>
    public void Run() => _bound.Run();

    /// <inheritdoc/>
    public void Dispose()
    {
        _bound.Dispose();
        _session.Dispose();
    }

    private static float[] Pinned(int length) => GC.AllocateArray<float>(length, pinned: true);

    private static nint Address(float[] pinned) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
