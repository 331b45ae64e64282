using BulkImplantScan.Imaging;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>Runs films through any <see cref="Preprocessor"/>.</summary>
internal static class Preprocess
{
    private static readonly Lock KernelLock = new();
    private static readonly Dictionary<int, (Accelerator Accelerator, PreprocessKernels Kernels)> Loaded = [];

    public static float[] Run(
        Preprocessor preprocessor, StoredPixels film, GrayscaleTransform transform, InputGeometry input,
        PreprocessScratch? scratch = null, FilmView? view = null)
    {
        var shown = view ?? FilmView.Whole(film);
        if (preprocessor is Preprocessor.KernelInGroupsOf2 or Preprocessor.KernelInGroupsOf16)
            return RunKernel(preprocessor == Preprocessor.KernelInGroupsOf2 ? 2 : 16, input, (film, transform, shown));

        var target = new float[input.FilmLength];
        target.AsSpan().Fill(float.NaN); // whatever stays unwritten shows
        var vectors = preprocessor switch
        {
            Preprocessor.Scalar => VectorWidth.Scalar,
            Preprocessor.PlatformVectors => VectorWidth.Platform,
            _ => VectorWidth.Bits512,
        };
        PreprocessSimd.Run(film, transform, shown, input, target, scratch ?? new(), vectors);
        return target;
    }

    /// <summary>A batch of whole films through the kernel.</summary>
    public static float[] RunKernel(int groupSize, InputGeometry input, params (StoredPixels Film, GrayscaleTransform Transform)[] batch) =>
        RunKernel(groupSize, input, [.. batch.Select(one => (one.Film, one.Transform, FilmView.Whole(one.Film)))]);

    /// <summary>A batch through the kernel, on ILGPU's CPU accelerator with groups of so many threads.</summary>
    public static float[] RunKernel(int groupSize, InputGeometry input, params (StoredPixels Film, GrayscaleTransform Transform, FilmView View)[] batch)
    {
        lock (KernelLock) // the emulator uses all cores for one launch anyway
        {
            if (!Loaded.TryGetValue(groupSize, out var loaded))
            {
                var context = Context.Create(builder => builder.CPU(new CPUDevice(groupSize, 1, 1)));
                var created = context.CreateCPUAccelerator(0);
                loaded = Loaded[groupSize] = (created, new PreprocessKernels(created));
                Assert.Equal(groupSize, created.MaxNumThreadsPerGroup);
            }

            var (accelerator, kernels) = loaded;
            var bytes = FilmDescriptor.Bytes * batch.Length + batch.Sum(one => FilmBatchPacker.BytesFor(one.Film, one.Transform, one.View));
            using var pool = new PixelBufferPool();
            using var slab = pool.Rent(bytes);
            var packer = new FilmBatchPacker(input, batch.Length, slab.Address, bytes);
            foreach (var (film, transform, view) in batch) Assert.True(packer.TryAdd(film, transform, view, out _));

            using var deviceSlab = accelerator.Allocate1D<byte>(packer.Bytes);
            using var target = accelerator.Allocate1D(Enumerable.Repeat(float.NaN, batch.Length * input.FilmLength).ToArray());
            using var stream = accelerator.CreateStream();
            deviceSlab.View.BaseView.CopyFromCPU(stream, slab.Span(packer.Bytes).ToArray());
            kernels.Launch(stream, deviceSlab.View.BaseView, target.View.BaseView, batch.Length, input);
            stream.Synchronize();
            return target.GetAsArray1D(stream);
        }
    }
}
