using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

public sealed class HalfTwinTests : IDisposable
{
    private readonly PackageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_twin_carries_over_what_decides_and_says_whose_twin_it_is()
    {
        var tiny = _folder.Tiny();
        var original = (tiny with { Temperature = 1.7f, Thresholds = new(0.4f, 3, [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f], "films") }).Save(_folder.At("original"), tiny.ReadModel(), "");
        var twin = ModelPackage.Load(HalfTwin.Write(original, _folder.At("twin")).Folder);

        Assert.Equal(NetworkPrecision.Fp16, twin.Precision);
        Assert.Equal("untrained-fp16", twin.Name);
        Assert.StartsWith($"fp16 twin of untrained (SHA-256 {original.Sha256}). Not trained", twin.Training, StringComparison.Ordinal);
        Assert.Contains(original.Sha256, File.ReadAllText(Path.Combine(twin.Folder, "MODEL_CARD.md")), StringComparison.Ordinal);
        Assert.Equal(original.Thresholds.Conformal, twin.Thresholds.Conformal);
        Assert.Equal(
            (original.Temperature, original.Thresholds.MinimumProbability, original.Thresholds.MaximumEnergy, original.Tensors),
            (twin.Temperature, twin.Thresholds.MinimumProbability, twin.Thresholds.MaximumEnergy, twin.Tensors));
        Assert.InRange(
            new FileInfo(Path.Combine(twin.Folder, "model.onnx")).Length, 1, new FileInfo(Path.Combine(original.Folder, "model.onnx")).Length * 3 / 4);
    }

    [Theory]
    [InlineData("Tiny", 40, 0.01)]
    [InlineData("Small", 96, 0.03)]
    [InlineData("ResNet18", 64, 0.05)]
    [InlineData("ResNet50", 64, 0.05)]
    public void The_twin_answers_as_the_original_does_but_for_rounding(string name, int side, double tolerance)
    {
        var architecture = name switch
        {
            "Tiny" => ResidualArchitecture.Tiny,
            "Small" => ResidualArchitecture.Small,
            "ResNet18" => ResidualArchitecture.ResNet18,
            _ => ResidualArchitecture.ResNet50,
        };
        var original = UntrainedNetwork.Write(_folder.At("net"), architecture, UntrainedNetwork.Catalogue(6), PackageFolder.Input(side), seed: 4);
        var twin = HalfTwin.Write(original, _folder.At("twin"));
        using var expected = new Batch(new(original, batchSize: 2, threads: 1));
        using var actual = new Batch(new(twin, batchSize: 2, threads: 1));
        Assert.Equal(expected.Session.FeatureMapShape, actual.Session.FeatureMapShape);
        new Random(8).NextSingles(expected.Input);
        expected.Input.CopyTo(actual.Input, 0);
        expected.Run();
        actual.Run();

        // Eleven bits a rounding, some tens of roundings one after the other, logits of about 5.
        for (var i = 0; i < expected.Logits.Length; i++) Assert.Equal(expected.Logits[i], actual.Logits[i], tolerance);
        Assert.NotEqual(expected.Logits, actual.Logits); // or it would not be fp16

        // The head was not rounded: where the winner is the same, the gradient is the same bits.
        for (var film = 0; film < 2; film++)
        {
            var (a, b) = (expected.Logits.AsSpan(film * 7, 7).ToArray(), actual.Logits.AsSpan(film * 7, 7).ToArray());
            Assert.Equal(Array.IndexOf(a, a.Max()), Array.IndexOf(b, b.Max()));
        }

        Assert.Equal(expected.Gradients, actual.Gradients);
    }

    [Fact]
    public void The_emulation_rounds_what_the_twin_is_to_round_on_a_device()
    {
        var original = _folder.Tiny();
        var emulation = original.Save(_folder.At("emulation"), HalfGraph.WriteEmulation(original.ReadModel(), original.Tensors), "");
        using var expected = new Batch(new(original, batchSize: 2, threads: 1));
        using var actual = new Batch(new(emulation, batchSize: 2, threads: 1));
        new Random(8).NextSingles(expected.Input);
        expected.Input.CopyTo(actual.Input, 0);
        expected.Run();
        actual.Run();
        for (var i = 0; i < expected.Logits.Length; i++) Assert.Equal(expected.Logits[i], actual.Logits[i], 0.01);
        Assert.All(actual.FeatureMaps, value => Assert.Equal((float)(Half)value, value));
        Assert.NotEqual(expected.FeatureMaps, actual.FeatureMaps);
    }

    [Fact]
    public void A_row_of_the_twin_does_not_depend_on_its_place_or_neighbours()
    {
        var twin = HalfTwin.Write(_folder.Tiny(), _folder.At("twin"));
        using var one = new Batch(new(twin, batchSize: 1, threads: 1));
        using var many = new Batch(new(twin, batchSize: 5, threads: 2));
        new Random(2).NextSingles(many.Input);
        many.Run();
        for (var film = 0; film < 5; film++)
        {
            many.Input.AsSpan(film * one.Input.Length, one.Input.Length).CopyTo(one.Input);
            one.Run();
            Assert.Equal(one.RowBytes(0), many.RowBytes(film));
        }
    }

    [Fact]
    public void The_same_package_gives_the_same_twin()
    {
        var original = _folder.Tiny();
        Assert.Equal(HalfTwin.Write(original, _folder.At("a")).Sha256, HalfTwin.Write(original, _folder.At("b")).Sha256);
    }

    [Theory]
    [InlineData(65504f, true)]
    [InlineData(65519f, true)] // rounds to 65504
    [InlineData(65520f, false)]
    [InlineData(-1e9f, false)]
    [InlineData(float.NaN, false)]
    [InlineData(float.NegativeInfinity, false)]
    public void Weights_outside_the_range_of_fp16_are_refused_not_clamped(float weight, bool fits)
    {
        var onnx = OneConvolution(weight);
        if (fits)
        {
            Assert.Equal(Math.Min(Math.Abs(weight), 65519), HalfGraph.Write(onnx, new()).Weights.Largest);
            return;
        }

        var refusal = Assert.Throws<ModelPackageException>(() => HalfGraph.Write(onnx, new()));
        Assert.Contains("in \"w\", but fp16 ends at 65504", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_rounding_did_to_small_weights_is_counted()
    {
        Assert.Equal(new(4, 1, 1, 0), HalfGraph.Write(OneConvolution(1e-9f), new()).Weights);
        Assert.Equal(new(4, 1, 0, 1), HalfGraph.Write(OneConvolution(1e-6f), new()).Weights);
        Assert.Equal(new(4, 1, 0, 0), HalfGraph.Write(OneConvolution(0), new()).Weights);
    }

    [Fact]
    public void A_weight_that_the_head_uses_too_is_kept_in_both_precisions()
    {
        var graph = new OnnxGraph("shared");
        var shared = graph.Weights("shared", [0.1f], 1, 1, 1, 1);
        Network(graph, shared, shared);
        var package = Save(graph);
        using var session = new NetworkSession(HalfTwin.Write(package, _folder.At("twin")), 1, 1);
        Assert.Equal(1, session.FeatureMapShape.Channels);
    }

    [Fact]
    public void An_operator_that_is_not_known_in_fp16_is_named_when_it_is_before_the_feature_maps()
    {
        var graph = new OnnxGraph("odd");
        var input = graph.Input("input", 1, 16, 16);
        graph.Node("Relu", "feature_maps", [graph.Node("Erf", "e", [input])]);
        var refusal = Assert.Throws<ModelPackageException>(() => HalfGraph.Write(graph.ToBytes(), new()));
        Assert.Contains("computes its feature maps with Erf", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_twin_of_a_twin_is_refused()
    {
        var twin = HalfTwin.Write(_folder.Tiny(), _folder.At("twin"));
        Assert.Contains("twin already", Assert.Throws<ModelPackageException>(() => HalfTwin.Write(twin, _folder.At("again"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Precisions_that_the_package_does_not_have_are_refused_with_what_to_do()
    {
        var original = _folder.Tiny();
        var twin = HalfTwin.Write(original, _folder.At("twin"));
        Assert.Equal(NetworkPrecision.Fp32, new NetworkSettings().PrecisionFor(original));
        Assert.Equal(NetworkPrecision.Fp16, new NetworkSettings().PrecisionFor(twin));
        Assert.Equal(NetworkPrecision.Tf32, new NetworkSettings { Precision = NetworkPrecision.Tf32 }.PrecisionFor(original));
        Refused("./run.sh model half", NetworkPrecision.Fp16, original);
        Refused("cannot run in fp32", NetworkPrecision.Fp32, twin);
        Refused("cannot run in tf32", NetworkPrecision.Tf32, twin);

        static void Refused(string words, NetworkPrecision precision, ModelPackage package) =>
            Assert.Contains(words, Assert.Throws<ModelPackageException>(() => new NetworkSettings { Precision = precision }.PrecisionFor(package)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_fp16_model_that_the_CPU_cannot_run_is_refused_with_what_to_use_instead()
    {
        // Stands in for a missing kernel, which this version of ONNX Runtime does not show: any refusal to load takes this path.
        var package = _folder.Tiny() with { Precision = NetworkPrecision.Fp16 };
        var broken = package.Save(_folder.At("broken"), [.. "no protobuf at all"u8], "");
        var refusal = Assert.Throws<ModelPackageException>(() => new NetworkSession(broken, 1, 1));
        Assert.Contains("use a CUDA device, or the fp32 package", refusal.Message, StringComparison.Ordinal);
    }

    private ModelPackage Save(OnnxGraph graph) =>
        new ModelPackage { Name = "made", Classes = UntrainedNetwork.Catalogue(1), Input = PackageFolder.Input(16) }.Save(_folder.At("made"), graph.ToBytes(), "");

    // Two classes, one feature map.
    private static void Network(OnnxGraph graph, string weights, string head)
    {
        var input = graph.Input("input", 1, 16, 16);
        var maps = graph.Node("Conv", "feature_maps", [input, weights]);
        var pooled = graph.Node("GlobalAveragePool", "pooled", [graph.Node("Conv", "scores", [maps, head])]);
        graph.Node("Flatten", "logits", [graph.Node("Concat", "two", [pooled, pooled], OnnxParameter.Integer("axis", 1))]);
        graph.Node("Identity", "gradients", [maps]);
        graph.Output("logits", 2);
        graph.Output("feature_maps", 1, 16, 16);
        graph.Output("gradients", 1, 16, 16);
    }

    private static byte[] OneConvolution(float weight)
    {
        var graph = new OnnxGraph("one");
        Network(graph, graph.Weights("w", [1, 0.5f, weight, 0], 1, 1, 2, 2), graph.Weights("head", [1e9f], 1, 1, 1, 1));
        return graph.ToBytes();
    }
}
