using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;

namespace BulkImplantScan.Training.Tests;

public sealed class CommittedModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bis-model-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_within_6_MB_and_its_card_says_what_it_has_never_seen()
    {
        var package = ModelPackage.Load(Folder);
        Assert.InRange(new FileInfo(Path.Combine(Folder, "model.onnx")).Length, 1, 6_000_000);
        Assert.Equal(Path.GetFileName(Folder), package.Name);
        var card = File.ReadAllText(Path.Combine(Folder, "MODEL_CARD.md"));
        Assert.Contains("has never seen a human film", card, StringComparison.Ordinal);
        Assert.Contains("## Test: ", card, StringComparison.Ordinal);
    }

    [Fact]
    public void It_recognises_phantoms_of_a_seed_that_it_was_not_trained_on()
    {
        // The world of the test set: no patient and no unknown design of it was ever trained.
        var archive = Path.Combine(_folder, "films");
        PhantomArchive.Write(
            new() { Count = 60, OutFolder = archive, Seed = 77, LongSidePixels = 1600, Set = PhantomSet.Test, Edition = PhantomEdition.Second, UnknownShare = 0 },
            progress: null,
            TestContext.Current.CancellationToken);
        var package = ModelPackage.Load(Folder);
        var films = FilmSet.Load(
            archive, LabelFile.Read(Path.Combine(archive, "labels.csv")), package.Input.Height, package.Input.FieldOfView, 2, _ => { }, TestContext.Current.CancellationToken);
        var score = new Scorecard(package, Judge.Run(package, films, Enumerable.Range(0, films.Films.Count), 1, TestContext.Current.CancellationToken));

        // The docs give 0.99 on films that nobody had looked at; three standard deviations below that, on 60 films, is 57.
        Assert.Equal(60, score.Known);
        Assert.InRange(score.Right, 57, 60);
    }

    private static string Folder => Directory.GetDirectories(Path.Combine(SharedFolder.Repository, "models"), "phantom-hip-*").Single();
}
