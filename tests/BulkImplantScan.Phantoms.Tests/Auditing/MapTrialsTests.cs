using BulkImplantScan.Assessment;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms.Auditing;

namespace BulkImplantScan.Phantoms.Tests.Auditing;

public sealed class MapTrialsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_network_that_learned_answers_by_what_its_map_shows_and_its_map_goes_with_its_weights()
    {
        var package = ModelPackage.Load(Directory.GetDirectories(Path.Combine(SharedFolder.Repository, "models"), "phantom-hip-*").Single());
        var trials = Try(package, 6, 600);
        Assert.True(trials.Average(trial => trial.Deletion!.Value) > 0.03, "hidden by the map, the answer goes sooner than at random");
        Assert.True(trials.Average(trial => trial.Insertion!.Value) > 0.03, "shown by the map, it comes sooner");
        Assert.InRange(trials.Average(trial => trial.Likeness[^1] ?? 0), -0.5, 0.5);
    }

    [Fact]
    public void The_same_films_give_the_same_figures()
    {
        var package = UntrainedNetwork.Write(
            Path.Combine(_folder.Path, "model"), ResidualArchitecture.Tiny, UntrainedNetwork.Catalogue(6), new InputGeometry(1, 64, 64, [0.4f], [0.25f]) { FieldOfView = InputField.Crop }, seed: 3);
        var (one, other) = (Try(package, 8, 128), Try(package, 8, 128));
        Assert.Equal(one.Select(Figures), other.Select(Figures));
        Assert.True(one.Select(Figures).Distinct().Count() > 4, "films have figures of their own");

        static string Figures(MapTrial trial) => $"{trial.Deletion} {trial.Insertion} {string.Join(' ', trial.Likeness)}";
    }

    private static IReadOnlyList<MapTrial> Try(ModelPackage package, int films, int longSide) => PhantomMaps.Try(
        package, [.. Enumerable.Range(0, films).Select(i => new FilmPlan { Seed = (ulong)(900 + i), Design = Designs.Known[i % 6], LongSidePixels = longSide, Edition = PhantomEdition.Second })], threads: 2,
        TestContext.Current.CancellationToken);
}
