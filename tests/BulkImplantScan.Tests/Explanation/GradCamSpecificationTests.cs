using BulkImplantScan.Explanation;
using CsCheck;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace BulkImplantScan.Tests.Explanation;

/// <summary>One specification for Grad-CAM on the CPU and in kernels.</summary>
public sealed class GradCamSpecificationTests : IDisposable
{
    private readonly Context _context = Context.Create(builder => builder.CPU());
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

    [Fact]
    public void Both_devices_give_the_same_bits()
    {
        var shape = new FeatureMapShape(61, 7, 5);
        var (featureMaps, gradients) = Random(3, shape, 8);
        var cam = Compute(GradCamDevice.Simd, featureMaps, gradients, 3, shape);
        Assert.Equal(cam, Compute(GradCamDevice.Kernels, featureMaps, gradients, 3, shape));
        var simd = Normalise(GradCamDevice.Simd, cam, 3, shape);
        var kernels = Normalise(GradCamDevice.Kernels, cam, 3, shape);
        Assert.Equal(simd.Map8, kernels.Map8);
        Assert.Equal(simd.Peaks, kernels.Peaks);
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
        Assert.Throws<ArgumentException>(() => _kernels.Value.Launch(
            stream, short8.View.BaseView, short8.View.BaseView, short8.View.BaseView, short8.View.BaseView, 1, shape));
    }

    public void Dispose()
    {
        if (_accelerator.IsValueCreated) _accelerator.Value.Dispose();
        _context.Dispose();
    }

    private float[] Compute(GradCamDevice device, float[] featureMaps, float[] gradients, int films, FeatureMapShape shape)
    {
        var cam = new float[films * shape.Positions];
        if (device == GradCamDevice.Simd)
        {
            cam.AsSpan().Fill(float.NaN);
            GradCamSimd.Compute(featureMaps, gradients, films, shape, cam);
            return cam;
        }

        if (films == 0) return cam; // the emulator cannot allocate 0 values
        var accelerator = _accelerator.Value;
        using var a = accelerator.Allocate1D(featureMaps);
        using var dY = accelerator.Allocate1D(gradients);
        using var alpha = accelerator.Allocate1D<float>(films * shape.Channels);
        using var target = accelerator.Allocate1D(cam);
        using var stream = accelerator.CreateStream();
        _kernels.Value.Launch(stream, a.View.BaseView, dY.View.BaseView, alpha.View.BaseView, target.View.BaseView, films, shape);
        stream.Synchronize();
        return target.GetAsArray1D(stream);
    }

    private (byte[] Map8, float[] Peaks) Normalise(GradCamDevice device, float[] cam, int films, FeatureMapShape shape)
    {
        if (device == GradCamDevice.Simd)
        {
            var (simdMap8, simdPeaks) = (new byte[cam.Length], new float[films]);
            GradCamSimd.Normalise(cam, films, shape, simdMap8, simdPeaks);
            return (simdMap8, simdPeaks);
        }

        var accelerator = _accelerator.Value;
        using var source = accelerator.Allocate1D(cam);
        using var map8 = accelerator.Allocate1D<byte>(cam.Length);
        using var peaks = accelerator.Allocate1D<float>(films);
        using var stream = accelerator.CreateStream();
        _kernels.Value.LaunchNormalise(stream, source.View.BaseView, map8.View.BaseView, peaks.View.BaseView, films, shape);
        stream.Synchronize();
        return (map8.GetAsArray1D(stream), peaks.GetAsArray1D(stream));
    }

    private static (float[] FeatureMaps, float[] Gradients) Random(int films, FeatureMapShape shape, int seed)
    {
        var random = new Random(seed);
        float[] Values() => [.. Enumerable.Range(0, films * shape.Length).Select(_ => random.NextSingle() * 2 - 1)];
        return (Values(), Values());
    }
}
