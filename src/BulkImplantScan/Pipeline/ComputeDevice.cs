using System.Collections.Concurrent;
using BulkImplantScan.Explanation;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Pipeline;

/// <summary>What the batches are computed on: <see cref="CpuDevice"/>, or an accelerator (<see cref="IlgpuDevice"/>).</summary>
public abstract class ComputeDevice : IDisposable
{
    private readonly ConcurrentQueue<string> _notes = [];

    /// <summary><c>cpu</c> or <c>cuda</c>: what a run remembers, since last digits differ between kinds.</summary>
    public abstract string Kind { get; }

    /// <summary>Arithmetic of the network: remembered too, since it changes more digits than the kind does.</summary>
    public abstract NetworkPrecision Precision { get; }

    /// <summary>One line for people: the device and its memory, or the cores.</summary>
    public abstract string Description { get; }

    /// <summary>Films a batch.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Shape of feature maps and Grad-CAM.</summary>
    public abstract FeatureMapShape FeatureMapShape { get; }

    /// <summary>What people should know of how the device is used, a sentence each; grows while it works.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    internal void Note(string sentence) => _notes.Enqueue(sentence);

    /// <summary>How films of its chunks are decoded: by the processor, unless the device takes some.</summary>
    /// <param name="options">How the processor decodes what the device does not take, and how many films at a time.</param>
    internal virtual DecodeFilm Decoding(ScanOptions options) => options.DecodeFilm;

    /// <summary>Notes what is known when a scan has ended.</summary>
    internal virtual void SumUp()
    {
    }

    /// <summary>Memory for one batch in flight.</summary>
    internal abstract BatchSlot CreateSlot();

    /// <inheritdoc/>
    public abstract void Dispose();
}
