using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

public sealed class ShuffledWeightsTests : IDisposable
{
    private readonly PackageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 4)]
    [InlineData(1, 7)]
    public void Values_of_the_last_layers_change_places_and_nothing_else_does(double share, int layers)
    {
        var package = _folder.Tiny();
        var before = OnnxFile.Read(package.ReadModel());
        var after = OnnxFile.Read(ShuffledWeights.Write(package.ReadModel(), package.Tensors.FeatureMaps, share, seed: 1));
        string[] changed = [.. before.Tensors.Keys.Where(name => !before.Tensors[name].Encoded.Span.SequenceEqual(after.Tensors[name].Encoded.Span))];
        Assert.Equal(layers, changed.Length);
        Assert.All(changed, name => Assert.EndsWith(".weight", name, StringComparison.Ordinal));
        Assert.DoesNotContain(changed, name => name.StartsWith("head", StringComparison.Ordinal));
        Assert.Contains("stage1.block0.shortcut.weight", changed);
        Assert.Equal(share == 1, changed.Contains("stem.weight"));
        foreach (var name in changed) Assert.Equal(Sorted(before.Tensors[name]), Sorted(after.Tensors[name]));
    }

    [Fact]
    public void The_same_seed_shuffles_alike_and_what_has_no_weights_is_not_shuffled()
    {
        var package = _folder.Tiny();
        Assert.Equal(
            ShuffledWeights.Write(package.ReadModel(), package.Tensors.FeatureMaps, 1, seed: 5),
            ShuffledWeights.Write(package.ReadModel(), package.Tensors.FeatureMaps, 1, seed: 5)!);
        Assert.Null(ShuffledWeights.Write(package.ReadModel(), "no such value", 1, seed: 5));
        Assert.Null(ShuffledWeights.Write("not a network"u8, package.Tensors.FeatureMaps, 1, seed: 5));
    }

    private static byte[][] Sorted(OnnxTensor tensor) =>
        [.. tensor.Floats.ToArray().Chunk(sizeof(float)).OrderBy(value => BitConverter.ToSingle(value))];
}
