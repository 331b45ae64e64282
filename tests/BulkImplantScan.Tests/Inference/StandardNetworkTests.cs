using BulkImplantScan.Explanation;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

/// <summary>The networks that performance engineers compare by: as published, and fit to run.</summary>
public sealed class StandardNetworkTests : IDisposable
{
    private readonly PackageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Counts of torchvision's resnet18 and resnet50 (its documentation, "num_params"); their normalisations have two weights a
    // channel (4800 and 26560 channels), of which folding keeps one, the bias.
    [Theory]
    [InlineData("ResNet18", 11_689_512 - 4800, 20)]
    [InlineData("ResNet50", 25_557_032 - 26_560, 53)]
    public void Weights_are_as_many_as_published_less_what_folding_saves(string name, long expected, int convolutions)
    {
        var architecture = Architecture(name);
        var all = architecture.Convolutions(3).ToArray();
        var weights = all.Sum(c => (long)c.InputChannels * c.OutputChannels * c.Kernel * c.Kernel + c.OutputChannels);
        Assert.Equal(expected, weights + (architecture.FeatureChannels + 1) * 1000L);
        Assert.Equal(convolutions, all.Length); // with shortcuts, without the head
    }

    [Theory]
    [InlineData("ResNet18", 224, 3, 512, 7)]
    [InlineData("ResNet50", 224, 3, 2048, 7)]
    [InlineData("ResNet18", 75, 1, 512, 3)] // odd at every stride
    public void A_network_loads_with_the_published_shapes_and_answers_finite_and_differently(string name, int side, int channels, int features, int cells)
    {
        var package = Write("net", name, seed: 5, side, channels);
        using var batch = new Batch(new(package, batchSize: 3, threads: 2));
        Assert.Equal(new FeatureMapShape(features, cells, cells), batch.Session.FeatureMapShape);
        Assert.Equal(32, Architecture(name).Stride);

        // Dark noise, bright noise, and an edge.
        var length = package.Input.FilmLength;
        var random = new Random(1);
        for (var i = 0; i < length; i++)
        {
            batch.Input[i] = random.NextSingle() - 1;
            batch.Input[length + i] = 2 * random.NextSingle();
            batch.Input[2 * length + i] = i % side < side / 2 ? -1.5f : 1.5f;
        }

        batch.Run();
        Assert.All(batch.Logits, logit => Assert.True(float.IsFinite(logit) && Math.Abs(logit) < 100, $"{logit}"));
        Assert.All(batch.FeatureMaps, a => Assert.InRange(a, 0, 1000));
        var films = batch.Logits.Chunk(7).ToArray();
        foreach (var (one, other) in new[] { (0, 1), (0, 2), (1, 2) })
            Assert.True(films[one].Zip(films[other], (a, b) => Math.Abs(a - b)).Max() > 0.05, "films that get one answer make no load");
        Assert.True(films[0].Max() - films[0].Min() > 0.05);
    }

    [Fact]
    public void Gradients_are_the_head_row_of_the_winner_over_the_number_of_cells_and_grad_cam_runs_on_them()
    {
        var package = Write("net", "ResNet50", seed: 5, side: 64, channels: 1);
        using var batch = new Batch(new(package, batchSize: 1, threads: 2));
        new Random(3).NextSingles(batch.Input);
        batch.Run();

        var shape = batch.Session.FeatureMapShape;
        var head = UntrainedNetwork.Weights(ResidualArchitecture.ResNet50, 1, 7, seed: 5)["head.weight"];
        var winner = Array.IndexOf(batch.Logits, batch.Logits.Max());
        for (var i = 0; i < batch.Gradients.Length; i++)
            Assert.Equal(head[winner * shape.Channels + i / shape.Positions] / shape.Positions, batch.Gradients[i], 1e-8f);

        var cam = new float[shape.Positions];
        GradCamSimd.Compute(batch.FeatureMaps, batch.Gradients, 1, shape, cam);
        Assert.All(cam, value => Assert.True(value >= 0));
        Assert.True(cam.Max() > 0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_gives_others()
    {
        var first = Write("first", "ResNet18", seed: 9, 64, 1);
        Assert.Equal(first.Sha256, Write("again", "ResNet18", seed: 9, 64, 1).Sha256);
        Assert.NotEqual(first.Sha256, Write("other", "ResNet18", seed: 10, 64, 1).Sha256);
    }

    [Fact]
    public void A_file_is_little_larger_than_its_weights()
    {
        // 11.2 million weights with a head of 7 classes, and the head a second time as gradients.
        var package = Write("net", "ResNet18", seed: 1, 224, 3);
        var weights = 11_684_712L - 1000 * 513 + 7 * 513 + 7 * 512;
        Assert.InRange(new FileInfo(Path.Combine(package.Folder, "model.onnx")).Length, 4 * weights, 4 * weights + 20_000);
    }

    private ModelPackage Write(string folder, string name, int seed, int side, int channels) =>
        UntrainedNetwork.Write(_folder.At(folder), Architecture(name), UntrainedNetwork.Catalogue(6), PackageFolder.Input(side, channels), seed);

    private static ResidualArchitecture Architecture(string name) => name switch
    {
        "ResNet18" => ResidualArchitecture.ResNet18,
        "ResNet50" => ResidualArchitecture.ResNet50,
        _ => throw new ArgumentException(name),
    };
}
