using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Tests.Dicom;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>The window that kernels make of a film's histogram is the CPU's, to the bit.</summary>
public class PercentileKernelTests
{
    private static readonly InputGeometry Input = new(1, 24, 20, [0f], [1f]);

    private sealed record Case(
        string Name, StoredPixels Film, FieldOfView Field, PixelPadding Padding, bool IsDescending = false, bool IsInverted = false,
        double Intercept = 0);

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public void Films_of_every_kind_in_one_batch_get_the_window_and_the_descriptor_of_the_CPU(int groupSize)
    {
        var none = PixelPadding.None;
        List<Case> cases = [];
        foreach (var (kind, bits) in new[]
        {
            (SampleKind.U16, 12), (SampleKind.U16, 16), (SampleKind.U16, 13), (SampleKind.U16, 1), (SampleKind.S16, 16),
            (SampleKind.S16, 12), (SampleKind.S16, 15), (SampleKind.U8, 8), (SampleKind.S8, 8), (SampleKind.U8, 5),
        })
            foreach (var (descending, inverted) in cases.Count % 4 == 0 ? new[] { (false, false), (true, true) } : [(true, false), (false, true)])
                cases.Add(new($"{kind} of {bits} bits", Noise(kind, 37, 29, cases.Count, bits), new(3, 5, 31, 22), none, descending, inverted, descending ? 4095 : -1024));
        Run(groupSize, cases);
    }

    [Fact]
    public void Films_made_to_trip_a_percentile_get_the_window_of_the_CPU()
    {
        var none = PixelPadding.None;
        List<Case> cases = [];
        foreach (var descending in new[] { false, true })
        {
            void Add(string name, SampleKind kind, int bits, Func<int, int, int> value, PixelPadding padding, bool inverted = false)
            {
                var film = Films.Of(kind, 20, 20, value, bits);
                cases.Add(new(name, film, FieldOfView.Whole(film), padding, descending, inverted));
            }

            Add("exactly a hundredth below", SampleKind.U16, 16, (y, x) => (y * 20 + x) * 100, none);
            Add("exactly a hundredth below, one bin", SampleKind.U16, 16, (y, x) => 40_000 + (y * 20 + x) % 16, none);
            Add("neighbouring bins", SampleKind.U16, 16, (y, _) => y < 10 ? 4111 : 4112, none);
            Add("constant", SampleKind.U16, 16, (_, _) => 777, none);
            Add("constant at the lowest", SampleKind.U16, 12, (_, _) => 0, none);
            Add("constant at the highest", SampleKind.S16, 16, (_, _) => 32767, none);
            Add("one pixel differs", SampleKind.U16, 16, (y, x) => y == 7 && x == 3 ? 60_001 : 12_345, none);
            Add("one pixel differs, the same bin", SampleKind.U16, 16, (y, x) => y == 7 && x == 3 ? 12_351 : 12_345, none);
            Add("two values far apart", SampleKind.S16, 16, (y, _) => y < 10 ? -32768 : 32767, none);
            Add("padding covers all", SampleKind.U16, 16, (y, x) => 100 + y + x, new(0, 65535));
            Add("padding covers all, twelve bits", SampleKind.U16, 12, (y, x) => 100 + y + x, new(50, 300));
            Add("padding all but one pixel", SampleKind.U16, 14, (y, x) => y == 0 && x == 0 ? 9000 : 3, new(3, 3));
            Add("padding below", SampleKind.U16, 16, (y, x) => y < 5 ? 0 : 1000 + 37 * x + y, new(0, 0));
            Add("padding above", SampleKind.U16, 16, (y, x) => y < 5 ? 65535 : 1000 + 37 * x + y, new(65535, 65535));
            Add("padding below, inverted", SampleKind.U16, 16, (y, x) => y < 5 ? 0 : 1000 + 37 * x + y, new(0, 0), inverted: true);
            Add("padding amid the values", SampleKind.U16, 12, (y, x) => 1000 + 37 * x + y, new(1100, 1300));
            Add("padding that no value can be", SampleKind.S8, 8, (y, x) => x - y, new(-2000, -2000));
        }

        var windows = Run(16, cases);
        Assert.Contains(windows, window => window.IsLine == 0); // the table of a film whose padding a line would not blacken
        Assert.Contains(windows, window => window.IsLine == 1);
    }

    [Fact]
    public void A_batch_preprocessed_after_its_windows_shows_what_the_CPU_shows()
    {
        using var film = Noise(SampleKind.U16, 48, 40, 5, 16);
        var view = FilmView.Whole(film);
        var window = Expected(new("", film, view.Field, PixelPadding.None));
        var expected = PreprocessReference.Run(film, window.Transform, Input);

        using var loaded = new Emulator(16);
        var preprocess = new PreprocessKernels(loaded.Accelerator);
        using var target = loaded.Accelerator.Allocate1D<float>(Input.FilmLength);
        loaded.Run([new("", film, view.Field, PixelPadding.None)], (stream, slab) =>
            preprocess.Launch(stream, slab, target.View.BaseView, 1, Input));
        var actual = target.GetAsArray1D();
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5);
    }

    [Fact]
    public void Views_that_are_too_short_are_refused()
    {
        using var loaded = new Emulator(16);
        var kernels = new PercentileKernels(loaded.Accelerator);
        using var slab = loaded.Accelerator.Allocate1D<byte>(2 * FilmDescriptor.Bytes);
        using var requests = loaded.Accelerator.Allocate1D<PercentileRequest>(2);
        using var counters = loaded.Accelerator.Allocate1D<int>(2 * HistogramKernel.CountersPerFilm);
        using var windows = loaded.Accelerator.Allocate1D<StoredWindow>(2);
        var (s, r, c, w) = (slab.View.BaseView, requests.View.BaseView, counters.View.BaseView, windows.View.BaseView);
        var stream = loaded.Accelerator.DefaultStream;
        Assert.Throws<ArgumentException>(() => kernels.Launch(stream, s.SubView(0, 127), r, c, w, 2, 12));
        Assert.Throws<ArgumentException>(() => kernels.Launch(stream, s, r.SubView(0, 1), c, w, 2, 12));
        Assert.Throws<ArgumentException>(() => kernels.Launch(stream, s, r, c.SubView(1), w, 2, 12));
        Assert.Throws<ArgumentException>(() => kernels.Launch(stream, s, r, c, w.SubView(1), 2, 12));
    }

    private static StoredWindow[] Run(int groupSize, List<Case> cases)
    {
        using var emulator = new Emulator(groupSize);
        var (windows, descriptors, before) = emulator.Run(cases);
        for (var i = 0; i < cases.Count; i++)
        {
            var one = cases[i];
            var expected = Expected(one);
            var name = $"{one.Name}{(one.IsDescending ? ", descending" : "")}{(one.IsInverted ? ", inverted" : "")}";
            Assert.True((expected.Low, expected.High) == (windows[i].Low, windows[i].High), $"{name}: {windows[i]}, not {expected.Low} to {expected.High}");
            Assert.True(expected.IsPaddingBlack == (windows[i].IsLine == 1), $"{name}: {windows[i]}");
            Assert.Equal(expected.IsPaddingBlack ? Packed(one, expected.Transform, before[i].ByteOffset) : before[i], descriptors[i]);
            one.Film.Dispose();
        }

        return windows;
    }

    /// <summary>As the CPU's grayscale pipeline makes it: the window in units of the Modality LUT, then back in stored units.</summary>
    private static (float Low, float High, bool IsPaddingBlack, GrayscaleTransform Transform) Expected(Case one)
    {
        var file = DicomBytes.Film([1], film => film
            .Text(DicomTags.RescaleIntercept, "DS", one.Intercept.ToString(CultureInfo.InvariantCulture))
            .Text(DicomTags.RescaleSlope, "DS", one.IsDescending ? "-1" : "1"));
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, true, dataset).Status);
        using var modality = ModalityLut.Read(file, dataset, SampleScale.One, true, new());
        var domain = StoredDomain.Of(one.Film);
        var padding = one.Padding;
        var window = PercentileWindow.Of(domain, ref padding, modality, one.Film, one.Field);
        var start = (window.RampStart - modality.Intercept) / modality.Slope;
        var end = (window.RampStart + window.RampWidth - modality.Intercept) / modality.Slope;
        float low = (float)Math.Min(start, end), high = (float)Math.Max(start, end);
        var transform = GrayscaleTransform.Linear(low, high, one.IsInverted);
        var (first, last) = (Math.Max(padding.First, domain.First), Math.Min(padding.Last, domain.Last));
        return (low, high, first > last || (transform.Apply(first) == 0 && transform.Apply(last) == 0), transform);
    }

    private static FilmDescriptor Packed(Case one, GrayscaleTransform transform, long byteOffset)
    {
        using var pool = new PixelBufferPool();
        using var slab = pool.Rent(1 << 14);
        var packer = new FilmBatchPacker(Input, 1, slab.Address, 1 << 14);
        Assert.True(packer.TryAdd(one.Film, transform, new(one.Field, PixelAspect.Square), out _));
        return packer.Films[0] with { ByteOffset = byteOffset };
    }

    private static StoredPixels Noise(SampleKind kind, int rows, int columns, int seed, int bits)
    {
        var random = new Random(seed);
        var isSigned = kind is SampleKind.S8 or SampleKind.S16;
        return Films.Of(kind, rows, columns, (_, _) => random.Next(1 << bits) - (isSigned ? 1 << bits - 1 : 0), bits);
    }

    private sealed class Emulator : IDisposable
    {
        private readonly Context _context;
        private readonly PercentileKernels _kernels;

        public Emulator(int groupSize)
        {
            _context = Context.Create(builder => builder.CPU(new CPUDevice(groupSize, 1, 1)));
            Accelerator = _context.CreateCPUAccelerator(0);
            _kernels = new(Accelerator);
        }

        public Accelerator Accelerator { get; }

        public (StoredWindow[] Windows, FilmDescriptor[] Descriptors, FilmDescriptor[] Before) Run(
            List<Case> cases, Action<AcceleratorStream, ArrayView<byte>>? then = null)
        {
            var table = GrayscaleTransform.FromTable(0, [0f, 1f]); // what must not be left where a line is
            var bytes = FilmDescriptor.Bytes * cases.Count
                + cases.Sum(one => FilmBatchPacker.BytesFor(one.Film, table, new(one.Field, PixelAspect.Square)));
            using var pool = new PixelBufferPool();
            using var host = pool.Rent(bytes);
            var packer = new FilmBatchPacker(Input, cases.Count, host.Address, bytes);
            foreach (var one in cases) Assert.True(packer.TryAdd(one.Film, table, new(one.Field, PixelAspect.Square), out _));

            using var slab = Accelerator.Allocate1D(host.Span(packer.Bytes).ToArray());
            using var requests = Accelerator.Allocate1D(cases.Select(one => new PercentileRequest(
                one.Film.BitsStored, one.Padding.First, one.Padding.Last, one.IsDescending ? 1 : 0, one.IsInverted ? 1 : 0,
                StoredDomain.Of(one.Film).First)).ToArray());
            using var counters = Accelerator.Allocate1D(Enumerable.Repeat(-1, cases.Count * HistogramKernel.CountersPerFilm).ToArray());
            using var windows = Accelerator.Allocate1D<StoredWindow>(cases.Count);
            using var stream = Accelerator.CreateStream();
            _kernels.Launch(
                stream, slab.View.BaseView, requests.View.BaseView, counters.View.BaseView, windows.View.BaseView, cases.Count,
                cases.Max(one => one.Film.BitsStored));
            then?.Invoke(stream, slab.View.BaseView);
            stream.Synchronize();
            var after = slab.View.BaseView.SubView(0, FilmDescriptor.Bytes * cases.Count).Cast<FilmDescriptor>();
            var descriptors = new FilmDescriptor[cases.Count];
            after.CopyToCPU(stream, descriptors);
            return (windows.GetAsArray1D(stream), descriptors, packer.Films.ToArray());
        }

        public void Dispose()
        {
            Accelerator.Dispose();
            _context.Dispose();
        }
    }
}
