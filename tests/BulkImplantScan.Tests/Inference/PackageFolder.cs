using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

/// <summary>A temporary folder for packages; gone at the end of the test.</summary>
internal sealed class PackageFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("bis-package-").FullName;

    public static InputGeometry Input(int side, int channels = 1) =>
        new(channels, side, side, [.. Enumerable.Repeat(0.45f, channels)], [.. Enumerable.Repeat(0.25f, channels)]);

    public string At(string name) => Path.Combine(_root, name);

    public ModelPackage Tiny(int seed = 1, int side = 40) =>
        UntrainedNetwork.Write(At($"tiny-{seed}-{side}"), ResidualArchitecture.Tiny, UntrainedNetwork.Catalogue(6), Input(side), seed);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
