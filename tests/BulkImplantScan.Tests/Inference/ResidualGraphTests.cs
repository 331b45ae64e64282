using System.Security.Cryptography;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

public sealed class ResidualGraphTests
{
    [Fact]
    public void The_graph_of_what_train_trains_keeps_its_bytes()
    {
        // Taken before larger networks were written with the same code; a change here changes the SHA-256 of retrained models.
        Assert.Equal("2f09bfd146dc018c 699ab38360d0f233", $"{Sha256(ResidualArchitecture.Small, 64)[..16]} {Sha256(ResidualArchitecture.Tiny, 40)[..16]}");
    }

    private static string Sha256(ResidualArchitecture architecture, int side)
    {
        var weights = new Dictionary<string, float[]>();
        foreach (var c in architecture.Convolutions(1))
        {
            weights[$"{c.Name}.weight"] = Dyadic(c.OutputChannels * c.InputChannels * c.Kernel * c.Kernel);
            weights[$"{c.Name}.bias"] = Dyadic(c.OutputChannels);
        }

        weights["head.weight"] = Dyadic(7 * architecture.FeatureChannels);
        weights["head.bias"] = Dyadic(7);
        return Convert.ToHexStringLower(SHA256.HashData(ResidualGraph.Write(architecture, PackageFolder.Input(side), 7, weights, new())));
    }

    // No drawn weights: logarithm and cosine may differ in a last bit between systems.
    private static float[] Dyadic(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 17 - 8) / 32f)];
}
