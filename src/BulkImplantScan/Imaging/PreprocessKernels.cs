using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Imaging;

/// <summary><see cref="PreprocessKernel"/> loaded on one accelerator, and its launch.</summary>
/// <remarks>Load before anything is captured in a CUDA graph; launches only enqueue. Not for several threads at once.</remarks>
public sealed class PreprocessKernels
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<FilmDescriptor>, ArrayView<EightBytes>, ArrayView<EightWords>,
        ArrayView<float>, ArrayView<float>, KernelInput> _kernel;
    private readonly int _groupSize;

    /// <summary>Compiles the kernel for the accelerator.</summary>
    public PreprocessKernels(Accelerator accelerator)
    {
        _kernel = accelerator.LoadKernel<ArrayView<FilmDescriptor>, ArrayView<EightBytes>, ArrayView<EightWords>, ArrayView<float>,
            ArrayView<float>, KernelInput>(PreprocessKernel.Execute);
        _groupSize = Math.Min(PreprocessKernel.LargestGroup, accelerator.MaxNumThreadsPerGroup);
    }

    /// <summary>Enqueues the preprocessing of a batch.</summary>
    /// <param name="stream">The stream on which the slab was copied, or which waits for that.</param>
    /// <param name="slab">On the device: the first <see cref="FilmBatchPacker.Bytes"/> bytes of a packed slab, at least.</param>
    /// <param name="target">fp32 [N, C, H, W], N at least <paramref name="films"/>; later films are left as they are.</param>
    /// <param name="films">Films in the slab: <see cref="FilmBatchPacker.Count"/>.</param>
    /// <param name="input">The geometry that the slab was packed for.</param>
    /// <exception cref="ArgumentException">A view too short for that many films.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<byte> slab, ArrayView<float> target, int films, InputGeometry input)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(films);
        if (films == 0) return;
        var descriptorBytes = (long)films * FilmDescriptor.Bytes;
        if (slab.Length < descriptorBytes) throw new ArgumentException("shorter than its descriptors", nameof(slab));
        if (target.Length < (long)films * input.FilmLength) throw new ArgumentException("not N · C · H · W floats", nameof(target));

        var whole = slab.SubView(0, slab.Length / FilmBatchPacker.Alignment * FilmBatchPacker.Alignment);
        var bands = (input.Height + PreprocessKernel.RowsPerGroup - 1) / PreprocessKernel.RowsPerGroup;
        _kernel(
            stream, new KernelConfig(films * bands, _groupSize),
            slab.SubView(0, descriptorBytes).Cast<FilmDescriptor>(), whole.Cast<EightBytes>(), whole.Cast<EightWords>(), whole.Cast<float>(),
            target.SubView(0, (long)films * input.FilmLength), KernelInput.Of(input));
    }
}
