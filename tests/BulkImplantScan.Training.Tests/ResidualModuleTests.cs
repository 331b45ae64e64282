using BulkImplantScan.Inference;
using static TorchSharp.torch;

namespace BulkImplantScan.Training.Tests;

public sealed class ResidualModuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bis-module-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(64)]
    [InlineData(75)] // odd sizes at every stride
    public void The_written_graph_is_the_module(int side)
    {
        random.manual_seed(7);
        using var module = new ResidualModule(ResidualArchitecture.Small, 1, 7, bfloat16: false);
        using var scope = NewDisposeScope();
        var films = randn(5, 1, side, side);
        module.train();
        for (var step = 0; step < 3; step++) module.forward(randn(8, 1, side, side) * 2 + 1); // running statistics that are not 0 and 1
        using (no_grad())
            foreach (var parameter in module.parameters()) parameter.add_(randn_like(parameter) * 0.05); // γ of 0 would hide the blocks
        module.eval();
        var expected = module.forward(films).detach().data<float>().ToArray();

        var package = new ModelPackage { Name = "test", Classes = UntrainedNetwork.Catalogue(6), Input = new(1, side, side, [0], [1]) };
        var onnx = ResidualGraph.Write(ResidualArchitecture.Small, package.Input, 7, module.Fold(), package.Tensors);
        package = package.Save(Path.Combine(_folder, "package"), onnx, "");
        using var session = new NetworkSession(package, batchSize: 5, threads: 1);
        var (input, logits) = (Pinned(films.data<float>().ToArray()), Pinned(new float[35]));
        var (maps, gradients) = (Pinned(new float[5 * session.FeatureMapShape.Length]), Pinned(new float[5 * session.FeatureMapShape.Length]));
        using var bound = session.Bind(new(Address(input), Address(logits), Address(maps), Address(gradients), NetworkMemory.Cpu));
        bound.Run();

        Assert.True(expected.Max() - expected.Min() > 0.05, "logits that do not differ would prove nothing");
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], logits[i], TrainingRun.Tolerance);
    }

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(1, 32, 50)]
    [InlineData(3, 18, 22)]
    public void The_stem_by_fours_is_the_same_convolution_forwards_and_backwards(int channels, int height, int width)
    {
        random.manual_seed(5);
        using var scope = NewDisposeScope();
        var films = randn(3, channels, height, width, ScalarType.Float64).requires_grad_(true);
        var weights = randn(8, channels, 5, 5, ScalarType.Float64).requires_grad_(true);
        var (output, ofFilms, ofWeights) = Gradients(ResidualModule.Convolve(films, weights, 2));
        var (expected, ofFilmsExpected, ofWeightsExpected) = Gradients(nn.functional.conv2d(films, weights, strides: [2, 2], padding: [2, 2]));

        Assert.Equal(expected.shape, output.shape);
        foreach (var (right, by) in ((Tensor, Tensor)[])[(expected, output), (ofFilmsExpected, ofFilms), (ofWeightsExpected, ofWeights)])
            Assert.True(allclose(right, by, 1e-10, 1e-10)); // another order of sums of thousands, in double precision

        (Tensor, Tensor, Tensor) Gradients(Tensor convolved)
        {
            var gradients = autograd.grad([(convolved * arange(convolved.numel()).view(convolved.shape).sin()).sum()], [films, weights]);
            return (convolved.detach(), gradients[0], gradients[1]);
        }
    }

    [Theory]
    [InlineData(18, null, 9)]
    [InlineData(3, null, 1)]
    [InlineData(1, null, 0)] // or it is judged on a size that it never saw
    [InlineData(8, "other", 0)] // what has learned is not shown half of it
    public void The_first_half_of_the_epochs_sees_films_at_half_size(int epochs, string? start, int expected)
    {
        var options = new TrainingOptions { Labels = "", Films = "", Out = "", Epochs = epochs, StartFrom = start };
        Assert.Equal(Enumerable.Range(0, epochs).Select(epoch => epoch < expected), Enumerable.Range(0, epochs).Select(epoch => Trainer.IsHalfSize(options, epoch)));
    }

    [Fact]
    public void A_network_that_is_taken_over_computes_the_same_while_training_too()
    {
        random.manual_seed(3);
        using var module = new ResidualModule(ResidualArchitecture.Tiny, 1, 3, bfloat16: false);
        using var other = new ResidualModule(ResidualArchitecture.Tiny, 1, 4, bfloat16: false);
        using var scope = NewDisposeScope();
        var films = randn(16, 1, 48, 48);
        module.train();
        for (var step = 0; step < 3; step++) module.forward(randn(8, 1, 48, 48) * 2 + 1);
        module.eval();
        var expected = module.forward(films).detach();

        other.TakeOver(module.Fold(), [2, -1, 0, 1], films);
        foreach (var training in (bool[])[false, true])
        {
            other.train(training);
            using var _ = no_grad();
            var actual = other.forward(films);
            foreach (var (to, from) in ((long, long)[])[(0, 2), (2, 0), (3, 1)])
                Assert.True((actual[TensorIndex.Colon, to] - expected[TensorIndex.Colon, from]).abs().max().item<float>() < 2e-3f, $"row {to}, training {training}");
        }
    }

    [Fact]
    public void A_network_with_channels_that_do_nothing_computes_the_same_when_it_is_pruned_of_them()
    {
        random.manual_seed(4);
        var wide = new ResidualArchitecture(8, [new(8, 2, 2), new(16, 1, 2)]);
        var narrow = new ResidualArchitecture(8, [new(8, 2, 2) { InnerChannels = 5 }, new(16, 1, 2) { InnerChannels = 7 }]);
        using var module = new ResidualModule(wide, 1, 3, bfloat16: false);
        using var other = new ResidualModule(narrow, 1, 3, bfloat16: false);
        using var scope = NewDisposeScope();
        var films = randn(16, 1, 48, 48);
        module.train();
        for (var step = 0; step < 3; step++) module.forward(randn(8, 1, 48, 48));
        module.eval();
        var weights = module.Fold();
        foreach (var (block, inner, idle) in ((string, int, int[])[])[("stage0.block0", 8, [0, 3, 7]), ("stage0.block1", 8, [1, 2, 6]), ("stage1.block0", 16, [0, 1, 4, 5, 8, 9, 11, 13, 15])])
            foreach (var channel in idle)
                Array.Clear(weights[$"{block}.conv1.weight"], channel * weights[$"{block}.conv1.weight"].Length / inner, weights[$"{block}.conv1.weight"].Length / inner);
        foreach (var block in (string[])["stage0.block0", "stage0.block1", "stage1.block0"])
        {
            // Without a bias an idle channel is 0 behind its ReLU.
            Array.Clear(weights[$"{block}.conv1.bias"]);
        }

        using var reference = new ResidualModule(wide, 1, 3, bfloat16: false);
        reference.TakeOver(weights, [0, 1, 2], films);
        other.TakeOver(new StartingWeights(weights, ["a", "b", "c"]).Pruned(narrow).Weights, [0, 1, 2], films);
        reference.eval();
        other.eval();
        Assert.True((reference.forward(films) - other.forward(films)).abs().max().item<float>() < 1e-3f);
    }

    [Fact]
    public void Evidence_is_Grad_CAM_of_the_logit()
    {
        random.manual_seed(5);
        using var module = new ResidualModule(ResidualArchitecture.Tiny, 1, 3, bfloat16: false);
        using var scope = NewDisposeScope();
        module.eval();
        var features = module.Features(randn(4, 1, 32, 32)).detach().requires_grad_(true);
        var classes = tensor([0L, 2L, 1L, 2L]);
        module.Head(features).gather(1, classes.unsqueeze(1)).sum().backward();
        var alpha = features.grad!.sum([2, 3], keepdim: true); // α·(h·w), Selvaraju 2017 eq. 1
        var expected = (features * alpha).sum(1).relu();
        Assert.True((module.Evidence(features, classes) - expected).abs().max().item<float>() < 1e-4f * expected.max().item<float>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_widest_network_that_may_be_asked_for_is_within_6_MB(bool wideBlocks)
    {
        var widest = TrainingRun.Architecture(1.15, wideBlocks);
        long weights = widest.Convolutions(1).Sum(c => (long)c.InputChannels * c.OutputChannels * c.Kernel * c.Kernel + c.OutputChannels);
        Assert.InRange(weights * sizeof(float), 1, 6_000_000);
    }

    private static float[] Pinned(float[] values)
    {
        var pinned = GC.AllocateArray<float>(values.Length, pinned: true);
        values.CopyTo(pinned, 0);
        return pinned;
    }

    private static nint Address(float[] pinned) => System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
