using System.Diagnostics;
using System.Globalization;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Benchmarks.Imaging;

/// <summary><c>kernels [--device cpu|cuda:0] [--films N] [--size RxC] [--seconds S]</c>: a line of CSV for each kernel, beside the
/// device's own copy bandwidth.</summary>
/// <remarks>Every figure is the median of five runs of many launches each, enqueued without a wait in between. <c>gb_per_s</c> is the
/// <c>bytes</c> that the work cannot do without, over the time: a copy reads and writes each byte and counts both; the
/// preprocessing and the histogram count the stored pixels alone, once; Grad-CAM the feature maps and gradients, once.
/// <c>share_of_copy</c> is against the better of the two copies. ILGPU's CPU device is an emulator: it shows that this runs,
/// nothing else.</remarks>
internal static class KernelsCommand
{
    private const string Usage = "kernels [--device cpu|cuda:0] [--films N] [--size RxC] [--seconds S]";
    private const int Runs = 5;

    private static readonly InputGeometry Input = new(3, 224, 224, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
    private static readonly InputGeometry SmallInput = new(1, 16, 16, [0.5f], [0.25f]);

    public static int Run(string[] arguments)
    {
        var (device, ordinal, films, size, seconds) = ("cpu", 0, 0, "", 2.0);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var isKnown = arguments[i] switch
            {
                "--device" => (device = value) == "cpu"
                    || (value.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(value.AsSpan(5), CultureInfo.InvariantCulture, out ordinal) && ordinal >= 0),
                "--films" => int.TryParse(value, CultureInfo.InvariantCulture, out films) && films > 0,
                "--size" => TryParse(size = value, out _),
                "--seconds" => double.TryParse(value, CultureInfo.InvariantCulture, out seconds) && seconds > 0,
                _ => false,
            };
            if (isKnown) continue;
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var isEmulator = device == "cpu";
        if (films == 0) films = isEmulator ? 2 : 64;
        if (!TryParse(size, out var side)) side = isEmulator ? (40, 48) : (2500, 2048);

        if (isEmulator)
        {
            using var emulated = Context.Create(builder => builder.CPU(new CPUDevice(16, 1, 1)));
            using var emulator = emulated.CreateCPUAccelerator(0);
            using var only = emulator.CreateStream();
            Measure(emulator, only, films, side, SmallInput, [new(8, 3, 3)], seconds);
            return 0;
        }

        CudaDriver.Resolve();
        using var context = Context.Create(builder => builder.Cuda());
        if (ordinal >= context.GetCudaDevices().Count)
        {
            Console.Error.WriteLine($"There is no {device}; see ./run.sh doctor.");
            return 1;
        }

        var accelerator = context.CreateCudaAccelerator(ordinal);
        using var primary = new CudaPrimaryContext(accelerator);
        using var stream = accelerator.CreateStream();
        Measure(accelerator, stream, films, side, Input, [new(512, 7, 7), new(2048, 7, 7), new(160, 20, 20)], seconds);
        return 0;
    }

    /// <summary>Rows x columns, as typed.</summary>
    public static bool TryParse(string size, out (int Rows, int Columns) side)
    {
        side = default;
        var parts = size.Split('x');
        return parts.Length == 2
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out side.Rows) && side.Rows is > 0 and <= PreprocessSimd.LargestSide
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out side.Columns) && side.Columns is > 0 and <= PreprocessSimd.LargestSide;
    }

    private static void Measure(
        Accelerator accelerator, AcceleratorStream stream, int films, (int Rows, int Columns) side, InputGeometry input,
        FeatureMapShape[] shapes, double seconds)
    {
        Console.WriteLine("device,kernel,films,shape,bytes,microseconds,gb_per_s,share_of_copy,films_per_s");
        var copy = 0.0;
        void Report(string kernel, string shape, long bytes, Action launch, bool isCopy = false)
        {
            var each = SecondsOf(launch, stream, seconds);
            if (isCopy) copy = Math.Max(copy, bytes / each);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{accelerator.Name},{kernel},{films},{shape},{bytes},{each * 1e6:0.0},{bytes / each / 1e9:0.0},{bytes / each / copy:0.000},{films / each:0}"));
        }

        var pixelBytes = (long)films * side.Rows * side.Columns * sizeof(ushort);
        var size = $"{side.Rows}x{side.Columns}";
        using (var film = Film(side.Rows, side.Columns))
        {
            Films(accelerator, stream, film, films, input, GrayscaleTransform.Linear(300, 3500, false), slab =>
            {
                using var other = accelerator.Allocate1D<byte>(slab.Length);
                var copyKernel = accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<EightWords>, ArrayView<EightWords>>(Copy);
                var (from, to) = (slab.Cast<EightWords>(), other.View.BaseView.Cast<EightWords>());
                Report("copy-driver", size, 2 * slab.Length, () => other.View.BaseView.CopyFrom(stream, slab), isCopy: true);
                Report("copy-kernel", size, 2 * slab.Length, () => copyKernel(stream, from.IntExtent, from, to), isCopy: true);
                Preprocess("preprocess-linear", slab);
                Percentile("percentile-12-bits", slab, 12);
                Percentile("percentile-16-bits", slab, 16);
            });
            Films(accelerator, stream, film, films, input, GrayscaleTransform.FromTable(0, Curve()), slab => Preprocess("preprocess-table", slab));
        }

        foreach (var shape in shapes) GradCam(shape);

        void Preprocess(string name, ArrayView<byte> slab)
        {
            var kernels = new PreprocessKernels(accelerator);
            using var target = accelerator.Allocate1D<float>((long)films * input.FilmLength);
            Report(name, size, pixelBytes, () => kernels.Launch(stream, slab, target.View.BaseView, films, input));
        }

        void Percentile(string name, ArrayView<byte> slab, int bits)
        {
            var kernels = new PercentileKernels(accelerator);
            using var requests = accelerator.Allocate1D(Enumerable.Repeat(new PercentileRequest(bits, 0, -1, 0, 0, 0), films).ToArray());
            using var counters = accelerator.Allocate1D<int>((long)films * HistogramKernel.CountersPerFilm);
            using var windows = accelerator.Allocate1D<StoredWindow>(films);
            Report(name, size, pixelBytes, () => kernels.Launch(
                stream, slab, requests.View.BaseView, counters.View.BaseView, windows.View.BaseView, films, bits));
        }

        void GradCam(FeatureMapShape shape)
        {
            var kernels = new GradCamKernels(accelerator);
            var values = new float[films * shape.Length];
            for (var i = 0; i < values.Length; i++) values[i] = 0.01f * (i % 97);
            using var featureMaps = accelerator.Allocate1D(values);
            using var gradients = accelerator.Allocate1D(values);
            using var slab = accelerator.Allocate1D(new byte[films * FilmDescriptor.Bytes]);
            using var alpha = accelerator.Allocate1D<float>(films * shape.Channels);
            using var pooled = accelerator.Allocate1D<float>(films * shape.Channels);
            using var cam = accelerator.Allocate1D<float>(films * shape.Positions);
            using var map8 = accelerator.Allocate1D<byte>(films * shape.Positions);
            using var measures = accelerator.Allocate1D<CamMeasures>(films);
            var results = new GradCamResults(
                alpha.View.BaseView, pooled.View.BaseView, cam.View.BaseView, map8.View.BaseView, measures.View.BaseView);
            Report("grad-cam", $"{shape.Channels}x{shape.Height}x{shape.Width}", 2L * sizeof(float) * values.Length, () => kernels.Launch(
                stream, slab.View.BaseView, featureMaps.View.BaseView, gradients.View.BaseView, results, films, shape, input));
        }
    }

    /// <summary>The same film so many times in a slab on the device.</summary>
    private static void Films(
        Accelerator accelerator, AcceleratorStream stream, StoredPixels film, int films, InputGeometry input,
        GrayscaleTransform transform, Action<ArrayView<byte>> use)
    {
        var view = FilmView.Whole(film);
        var bytes = films * FilmBatchPacker.BytesFor(film, transform, view);
        using var pool = new PixelBufferPool();
        using var host = pool.Rent(bytes);
        var packer = new FilmBatchPacker(input, films, host.Address, bytes);
        while (packer.Count < films)
            if (!packer.TryAdd(film, transform, view, out _)) throw new InvalidOperationException("the slab is too small for its films");
        using var slab = accelerator.Allocate1D<byte>(packer.Bytes);
        slab.View.BaseView.CopyFromCPUUnsafeAsync(stream, ref host.Span(packer.Bytes)[0], packer.Bytes);
        stream.Synchronize();
        use(slab.View.BaseView);
    }

    /// <summary>Twelve bits: soft tissue and noise, so that neighbours are as alike as on a radiograph.</summary>
    public static StoredPixels Film(int rows, int columns)
    {
        var random = new Random(1);
        using var pool = new PixelBufferPool(); // disposed: the buffer is freed when the film is
        var film = new StoredPixels(pool.Rent((long)rows * columns * sizeof(ushort)), SampleKind.U16, rows, columns, 1, 12);
        var samples = film.Samples<ushort>();
        for (var y = 0; y < rows; y++)
        {
            var across = Math.Cos(y / 300.0);
            for (var x = 0; x < columns; x++)
                samples[y * columns + x] = (ushort)(2000 + 1500 * across * Math.Sin(x / 300.0) + random.Next(-20, 21));
        }

        return film;
    }

    private static float[] Curve() => [.. Enumerable.Range(0, 4096).Select(value => MathF.Sqrt(value / 4095f))];

    private static void Copy(Index1D index, ArrayView<EightWords> source, ArrayView<EightWords> target) => target[index] = source[index];

    private static double SecondsOf(Action launch, AcceleratorStream stream, double seconds)
    {
        launch(); // compiled, memory touched
        stream.Synchronize();
        var each = Time(launch, stream, 1);
        var launches = (int)Math.Clamp(seconds / Runs / each, 1, 10_000);
        var times = new double[Runs];
        for (var run = 0; run < Runs; run++) times[run] = Time(launch, stream, launches) / launches;
        Array.Sort(times);
        return times[Runs / 2];
    }

    private static double Time(Action launch, AcceleratorStream stream, int launches)
    {
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < launches; i++) launch();
        stream.Synchronize();
        return Stopwatch.GetElapsedTime(from).TotalSeconds;
    }
}
