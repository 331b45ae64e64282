using System.Runtime.InteropServices;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using CsCheck;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace BulkImplantScan.Tests.Explanation;

/// <summary>One specification for Grad-CAM on the CPU and in kernels.</summary>
public sealed class GradCamSpecificationTests : IDisposable
{
    private static readonly InputGeometry Input = new(1, 40, 56, [0f], [1f]);

    /// <summary>Bars on two sides, none, a film of a few pixels, one cut in the middle of cells.</summary>
    private static readonly Letterbox[] Letterboxes = [new(0, 13, 40, 30), new(0, 0, 40, 56), new(19, 27, 2, 3), new(5, 0, 30, 56)];

    private readonly Context _context = Context.Create(builder => builder.CPU(new CPUDevice(16, 1, 1)));
    private readonly Lazy<Accelerator> _accelerator;
    private readonly Lazy<GradCamKernels> _kernels;

    public GradCamSpecificationTests()
    {
        _accelerator = new(() => _context.CreateCPUAccelerator(0));
        _kernels = new(() => new(_accelerator.Value));
    }

    public static TheoryData<GradCamDevice> Devices => [.. Enum.GetValues<GradCamDevice>()];

    [Theory]
    [MemberData(nameof(Devices))]
    public void Agrees_with_the_autograd_of_PyTorch(GradCamDevice device)
    {
        var lines = File.ReadAllLines(Path.Combine(
            SharedFolder.Repository, "tests", "BulkImplantScan.Tests", "Explanation", "Oracle", "torch_gradcam.csv"));
        var sizes = lines[0].Split(',').Select(int.Parse).ToArray();
        var (featureMaps, gradients, expected) = (Floats(lines[1]), Floats(lines[2]), Floats(lines[3]));

        var cam = Compute(device, featureMaps, gradients, sizes[0], new(sizes[1], sizes[2], sizes[3]));

        Assert.Equal(expected.Length, cam.Length);
        Assert.Contains(expected, v => v == 0); // the ReLU is exercised
        for (var i = 0; i < cam.Length; i++) Assert.Equal(expected[i], cam[i], 1e-6f * expected.Max());

        static float[] Floats(string line) => [.. line.Split(',').Select(float.Parse)];
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Agrees_with_double_precision_for_any_shape(GradCamDevice device) =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 70], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[0, 1000]).Sample((films, k, h, w, seed) =>
        {
            var shape = new FeatureMapShape(k, h, w);
            var (featureMaps, gradients) = Random(films, shape, seed);
            var cam = Compute(device, featureMaps, gradients, films, shape);
            for (var film = 0; film < films; film++)
                for (var position = 0; position < shape.Positions; position++)
                {
                    var sum = 0.0;
                    for (var channel = 0; channel < k; channel++)
                    {
                        var map = (film * k + channel) * shape.Positions;
                        sum += gradients.AsSpan(map, shape.Positions).ToArray().Average(g => (double)g) * featureMaps[map + position];
                    }

                    Assert.Equal(Math.Max(0, sum), cam[film * shape.Positions + position], 1e-5); // values of 1, K additions
                }
        }, iter: device == GradCamDevice.Simd ? 200 : 10);

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_film_gives_the_same_bits_alone_and_in_a_batch(GradCamDevice device)
    {
        var shape = new FeatureMapShape(37, 7, 7);
        var (featureMaps, gradients) = Random(5, shape, 1);
        var batch = Compute(device, featureMaps, gradients, 5, shape);
        for (var film = 0; film < 5; film++)
        {
            var values = (film * shape.Length)..((film + 1) * shape.Length);
            Assert.Equal(
                batch[(film * shape.Positions)..((film + 1) * shape.Positions)],
                Compute(device, featureMaps[values], gradients[values], 1, shape));
        }
    }

    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 61, 7, 5, 16 }, { 61, 7, 5, 2 }, { 1, 1, 1, 16 }, { 3, 70, 2, 4 }, // rows of a map beyond those at once
        { 300, 9, 9, 64 }, // more than a tile of channels
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Kernels_in_groups_of_any_size_give_the_bits_of_the_CPU(int k, int height, int width, int groupSize)
    {
        var shape = new FeatureMapShape(k, height, width);
        var (featureMaps, gradients) = Random(4, shape, 8);
        gradients.AsSpan(3 * shape.Length).Fill(-1f); // an empty map ...
        featureMaps.AsSpan(3 * shape.Length).Fill(1f);
        featureMaps[2 * shape.Length] = float.NaN; // ... and one that is not finite
        var kernels = RunKernels(featureMaps, gradients, 4, shape, groupSize);

        var cam = Compute(GradCamDevice.Simd, featureMaps, gradients, 4, shape);
        Assert.Equal(cam, kernels.Cam);
        var pooled = new float[4 * k];
        PooledFeatures.Compute(featureMaps, shape, pooled);
        Assert.Equal(pooled, kernels.Pooled);
        for (var film = 0; film < 4; film++)
        {
            var cells = (film * shape.Positions)..((film + 1) * shape.Positions);
            var expected = CamSummary.Of(cam.AsSpan(cells), shape, Letterboxes[film], Input);
            var actual = CamSummary.Of(kernels.Map8[cells], kernels.Measures[film], shape, Letterboxes[film], Input);
            Assert.Equal(expected.Map8, actual.Map8);
            Assert.True(Summaries(expected, actual), $"film {film}: {actual}, not {expected}");
            Assert.Equal(film != 2, actual.IsFinite);
            if (film == 3) Assert.True(actual.IsEmpty);
        }
    }

    [Fact]
    public void The_peak_is_the_first_of_equal_cells_whatever_thread_saw_it()
    {
        var shape = new FeatureMapShape(1, 3, 7);
        var featureMaps = new float[shape.Length];
        featureMaps[18] = featureMaps[9] = featureMaps[13] = 2f; // with two threads the first is the second thread's
        var measures = RunKernels(featureMaps, [.. Enumerable.Repeat(1f, shape.Length)], 1, shape, 2).Measures[0];
        Assert.Equal((2f, 9, 6.0), (measures.Peak, measures.PeakCell, measures.Mass));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void NaN_passes_the_ReLU_of_its_film_and_no_other(GradCamDevice device)
    {
        var shape = new FeatureMapShape(3, 2, 2);
        var (featureMaps, gradients) = Random(3, shape, 4);
        gradients[shape.Length] = float.NaN; // one weight of the second film
        var cam = Compute(device, featureMaps, gradients, 3, shape);
        Assert.All(cam[4..8], value => Assert.True(float.IsNaN(value)));
        Assert.All(cam[..4].Concat(cam[8..]), value => Assert.True(value >= 0));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_map_in_8_bits_is_rounded_with_the_peak_at_255(GradCamDevice device)
    {
        var shape = new FeatureMapShape(1, 1, 4);
        float[] cam = [0f, 1f, 2f, 4f, 0f, 0f, 0f, 0f, 1f, float.NaN, 3f, 0f, 5f, float.PositiveInfinity, 1f, 0f, 3e38f, 1e38f, 0f, 1e-30f];
        var (map8, peaks) = Normalise(device, cam, 5, shape);
        Assert.Equal([0, 64, 128, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 85, 0, 0], map8);
        Assert.Equal([4f, 0f, float.NaN, float.PositiveInfinity, 3e38f], peaks);
    }

    [Fact]
    public void A_head_that_pools_and_multiplies_gives_the_class_activation_map_of_Zhou()
    {
        // Y = Σ wₖ mean(Aₖ) has dY/dAₖ = wₖ / (H·W) everywhere, so Grad-CAM is CAM / (H·W) (Selvaraju 2017, section 3.1).
        var shape = new FeatureMapShape(10, 3, 4);
        var (featureMaps, _) = Random(1, shape, 6);
        float[] weights = [.. Enumerable.Range(0, shape.Channels).Select(k => MathF.Sin(k))];
        float[] gradients = [.. weights.SelectMany(w => Enumerable.Repeat(w / shape.Positions, shape.Positions))];
        var cam = Compute(GradCamDevice.Simd, featureMaps, gradients, 1, shape);
        for (var position = 0; position < shape.Positions; position++)
        {
            var activation = weights.Select((w, k) => (double)w * featureMaps[k * shape.Positions + position]).Sum();
            Assert.Equal(Math.Max(0, activation) / shape.Positions, cam[position], 1e-6);
        }
    }

    [Fact]
    public void Spans_and_views_of_another_length_are_refused()
    {
        var shape = new FeatureMapShape(2, 2, 2);
        Assert.Throws<ArgumentException>(() => GradCamSimd.Compute(new float[8], new float[7], 1, shape, new float[4]));
        Assert.Throws<ArgumentException>(() => GradCamSimd.Compute(new float[7], new float[7], 1, shape, new float[4]));
        Assert.Throws<ArgumentException>(() => GradCamSimd.Compute(new float[8], new float[8], 1, shape, new float[8]));
        Assert.Throws<ArgumentException>(() => GradCamSimd.Normalise(new float[8], 2, shape, new byte[8], new float[1]));
        using var short8 = _accelerator.Value.Allocate1D<float>(7);
        using var stream = _accelerator.Value.CreateStream();
        using var bytes = _accelerator.Value.Allocate1D<byte>(64);
        using var measures = _accelerator.Value.Allocate1D<CamMeasures>(1);
        var view = short8.View.BaseView;
        var results = new GradCamResults(view, view, view, bytes.View.BaseView, measures.View.BaseView);
        Assert.Throws<ArgumentException>(() => _kernels.Value.Launch(stream, bytes.View.BaseView, view, view, results, 1, shape, Input));
        Assert.Throws<ArgumentException>(() => _kernels.Value.Launch(
            stream, bytes.View.BaseView.SubView(0, 63), view, view, results, 1, new(1, 2, 2), Input)); // no room for a descriptor
    }

    public void Dispose()
    {
        if (_accelerator.IsValueCreated) _accelerator.Value.Dispose();
        _context.Dispose();
    }

    private float[] Compute(GradCamDevice device, float[] featureMaps, float[] gradients, int films, FeatureMapShape shape)
    {
        if (device == GradCamDevice.Kernels) return RunKernels(featureMaps, gradients, films, shape).Cam;
        var cam = new float[films * shape.Positions];
        cam.AsSpan().Fill(float.NaN);
        GradCamSimd.Compute(featureMaps, gradients, films, shape, cam);
        return cam;
    }

    private (byte[] Map8, float[] Peaks) Normalise(GradCamDevice device, float[] cam, int films, FeatureMapShape shape)
    {
        if (device == GradCamDevice.Simd)
        {
            var (map8, peaks) = (new byte[cam.Length], new float[films]);
            GradCamSimd.Normalise(cam, films, shape, map8, peaks);
            return (map8, peaks);
        }

        // One channel of weight 1 is its own map.
        var results = RunKernels(cam, [.. Enumerable.Repeat(1f, cam.Length)], films, shape with { Channels = 1 });
        return (results.Map8, [.. results.Measures.Select(one => one.Peak)]);
    }

    private (float[] Cam, float[] Pooled, byte[] Map8, CamMeasures[] Measures) RunKernels(
        float[] featureMaps, float[] gradients, int films, FeatureMapShape shape, int groupSize = 16)
    {
        if (films == 0) return ([], [], [], []); // the emulator cannot allocate 0 values
        using var context = groupSize == 16 ? null : Context.Create(builder => builder.CPU(new CPUDevice(groupSize, 1, 1)));
        using var other = context?.CreateCPUAccelerator(0);
        var accelerator = other ?? _accelerator.Value;
        var kernels = other is null ? _kernels.Value : new(other);
        Assert.Equal(groupSize, accelerator.MaxNumThreadsPerGroup);

        FilmDescriptor[] descriptors = [.. Enumerable.Range(0, films).Select(film => default(FilmDescriptor) with { Letterbox = Letterboxes[film % 4] })];
        using var slab = accelerator.Allocate1D(MemoryMarshal.AsBytes(descriptors.AsSpan()).ToArray());
        using var a = accelerator.Allocate1D(featureMaps);
        using var dY = accelerator.Allocate1D(gradients);
        using var alpha = accelerator.Allocate1D<float>(films * shape.Channels);
        using var pooled = accelerator.Allocate1D<float>(films * shape.Channels);
        using var cam = accelerator.Allocate1D(Enumerable.Repeat(float.NaN, films * shape.Positions).ToArray());
        using var map8 = accelerator.Allocate1D(Enumerable.Repeat((byte)77, films * shape.Positions).ToArray());
        using var measures = accelerator.Allocate1D<CamMeasures>(films);
        using var stream = accelerator.CreateStream();
        var results = new GradCamResults(
            alpha.View.BaseView, pooled.View.BaseView, cam.View.BaseView, map8.View.BaseView, measures.View.BaseView);
        kernels.Launch(stream, slab.View.BaseView, a.View.BaseView, dY.View.BaseView, results, films, shape, Input);
        stream.Synchronize();
        return (cam.GetAsArray1D(stream), pooled.GetAsArray1D(stream), map8.GetAsArray1D(stream), measures.GetAsArray1D(stream));
    }

    /// <summary>Everything but the map, NaN equal to NaN.</summary>
    private static bool Summaries(CamSummary one, CamSummary other) =>
        (one.Peak, one.PeakX, one.PeakY, one.MassInFilm, one.IsEmpty, one.IsFinite).Equals(
            (other.Peak, other.PeakX, other.PeakY, other.MassInFilm, other.IsEmpty, other.IsFinite));

    private static (float[] FeatureMaps, float[] Gradients) Random(int films, FeatureMapShape shape, int seed)
    {
        var random = new Random(seed);
        float[] Values() => [.. Enumerable.Range(0, films * shape.Length).Select(_ => random.NextSingle() * 2 - 1)];
        return (Values(), Values());
    }
}
