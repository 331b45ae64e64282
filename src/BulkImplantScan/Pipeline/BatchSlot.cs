using System.Runtime.InteropServices;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pipeline;

/// <summary>The memory of one batch on a device, and the three things that the device does with it.</summary>
/// <remarks>A slot goes round: Stage fills it, Preprocess, Infer and Explain work on it, then it is free again. A ring of
/// them keeps copy and compute busy at the same time. Two kinds: <see cref="CpuBatchSlot"/> (SIMD, the network reads the
/// same memory) and <see cref="IlgpuBatchSlot"/> (kernels and network share device buffers).</remarks>
internal abstract class BatchSlot : IDisposable
{
    private readonly List<Task> _begun = [];

    /// <summary>Places for films: the network's fixed batch size.</summary>
    public abstract int Capacity { get; }

    /// <summary>Films staged so far.</summary>
    public int Count { get; protected set; }

    /// <summary>Takes a film's pixels and transform into the next place and becomes their owner; false, and nothing changed, when there
    /// is no room. An empty slot has room for any film. The network is shown what <paramref name="view"/> says.</summary>
    public abstract bool TryStage(StoredPixels pixels, GrayscaleTransform transform, FilmView view);

    /// <summary>Window, resample, normalise: stored pixels → the network's input. Places without a film become zeros.</summary>
    public abstract void Preprocess();

    /// <summary>The network: input → logits, feature maps, gradients.</summary>
    public abstract void Infer();

    /// <summary>Grad-CAM and pooled features; afterwards the four results below can be read.</summary>
    public abstract void Explain();

    /// <summary>Logits of a place, [classes].</summary>
    public abstract ReadOnlySpan<float> Logits(int place);

    /// <summary>Grad-CAM of a place, as a row keeps it.</summary>
    public abstract CamSummary Cam(int place);

    /// <summary>Means of the feature maps over their positions, [K].</summary>
    public abstract ReadOnlySpan<float> PooledFeatures(int place);

    /// <summary>The network's input, [C, H, W]: what an overlay is drawn on.</summary>
    public abstract ReadOnlySpan<float> NetworkInput(int place);

    /// <summary>Where the part of the film that the network is shown lies in the input.</summary>
    public abstract Letterbox Letterbox(int place);

    /// <summary>Forgets the films.</summary>
    public abstract void Clear();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Waits for what <see cref="TryStage"/> began.</summary>
    /// <exception cref="AggregateException">It threw: a bug.</exception>
    internal void WaitForFilms() => Task.WaitAll(CollectionsMarshal.AsSpan(_begun));

    /// <summary>Begins a film's work beside the stages, on whatever thread is free.</summary>
    protected void Begin(Action film) => _begun.Add(Task.Run(film));

    /// <summary>Waits until no film's work is going on, whatever came of it: before its memory is another's.</summary>
    protected void EndFilms()
    {
        foreach (var film in _begun) Task.WaitAny(film); // done long ago, unless a stage threw
        _begun.Clear();
    }
}
