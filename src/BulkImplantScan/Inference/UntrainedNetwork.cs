using BulkImplantScan.Imaging;

namespace BulkImplantScan.Inference;

/// <summary>A model package with random weights: for tests, benchmarks, and to try the machinery before a model exists.</summary>
public static class UntrainedNetwork
{
    /// <summary>Writes one; the same seed gives the same bytes.</summary>
    /// <param name="folder">New or empty.</param>
    /// <param name="architecture">For instance <see cref="ResidualArchitecture.Tiny"/>.</param>
    /// <param name="classes">2 or more.</param>
    /// <param name="input">Size and normalisation.</param>
    /// <param name="seed">Of the weights.</param>
    /// <remarks>Same bytes: on one system. Logarithm and cosine may differ in a last bit between C libraries.</remarks>
    /// <exception cref="ModelPackageException">The folder holds something, or cannot be written.</exception>
    public static ModelPackage Write(
        string folder, ResidualArchitecture architecture, IReadOnlyList<DeviceClass> classes, InputGeometry input, int seed)
    {
        var package = new ModelPackage
        {
            Name = "untrained",
            Classes = classes,
            Input = input,
            Training = $"Not trained: random weights of seed {seed}.",
        };
        var onnx = ResidualGraph.Write(architecture, input, classes.Count, Weights(architecture, input.Channels, classes.Count, seed), package.Tensors);
        return package.Save(folder, onnx, "# untrained\n\nRandom weights. What it answers means nothing.\n");
    }

    /// <summary>The classes of a small catalogue: <paramref name="devices"/> devices, then <c>none</c>.</summary>
    public static IReadOnlyList<DeviceClass> Catalogue(int devices) =>
    [
        .. Enumerable.Range(1, devices).Select(d => new DeviceClass($"D{d}", DeviceKind.Device, "Generic (synthetic)", $"Design {d}", $"Design {d}")),
        new("none", DeviceKind.None, null, null, "no implant"),
    ];

    /// <summary>Weights drawn as He 2015 does (normal, variance 2 / fan-in), biases small, by name.</summary>
    internal static Dictionary<string, float[]> Weights(ResidualArchitecture architecture, int inputChannels, int classes, int seed)
    {
        var random = new Random(seed);
        var weights = new Dictionary<string, float[]>();
        var lastOfPaths = architecture.Blocks().Select(block => block.Path[^1].Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, inputs, outputs, kernel, _) in architecture.Convolutions(inputChannels))
        {
            var fanIn = inputs * kernel * kernel;

            // The last of a block starts small, or the sums of many blocks grow without normalisation.
            var gain = lastOfPaths.Contains(name) ? 0.2 : 1;
            weights[$"{name}.weight"] = Normal(random, outputs * fanIn, gain * Math.Sqrt(2.0 / fanIn));
            weights[$"{name}.bias"] = Normal(random, outputs, 0.05);
        }

        weights["head.weight"] = Normal(random, classes * architecture.FeatureChannels, Math.Sqrt(4.0 / architecture.FeatureChannels));
        weights["head.bias"] = Normal(random, classes, 0.05);
        return weights;
    }

    // Box and Muller 1958.
    private static float[] Normal(Random random, int count, double deviation)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
