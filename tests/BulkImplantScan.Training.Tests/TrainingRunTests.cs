using System.Diagnostics;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;

namespace BulkImplantScan.Training.Tests;

public sealed class TrainingRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bis-train-test-").FullName;

    public TrainingRunTests() => PhantomArchive.Write(
        new() { Count = 60, OutFolder = At("films"), Seed = 4, LongSidePixels = 96, Set = PhantomSet.Training, Broken = 6, UnknownShare = 0.2, Threads = 1 },
        progress: null,
        CancellationToken.None);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_training_ends_in_a_package_that_a_session_takes_and_a_card_that_hides_nothing()
    {
        var said = new List<string>();
        var written = new TrainingRun(Options("model") with { TestLabels = Labels }, said.Add).Execute(TestContext.Current.CancellationToken);
        var package = ModelPackage.Load(written.Folder);
        using var session = new NetworkSession(package, batchSize: 2, threads: 1);

        Assert.Equal(["D1", "D2", "D3", "D4", "D5", "D6", "none"], package.Classes.Select(device => device.Id));
        Assert.Equal(package.Classes.Count, package.Thresholds.Conformal?.Length);
        Assert.Equal((package.Classes.Count, 0.05), (package.Thresholds.ConformalFilms?.Length, package.Thresholds.ConformalMiss));
        var card = File.ReadAllText(Path.Combine(written.Folder, "MODEL_CARD.md"));
        Assert.Contains("Not a medical device", card, StringComparison.Ordinal);
        Assert.Contains("never seen a human film", card, StringComparison.Ordinal);
        Assert.Contains("unknown hardware called a device", card, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder, card, StringComparison.Ordinal); // no path of the machine
        Assert.Contains(said, line => line.StartsWith("epoch 2/2", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_seed_gives_the_same_model()
    {
        var first = new TrainingRun(Options("first"), _ => { }).Execute(TestContext.Current.CancellationToken);
        var second = new TrainingRun(Options("second"), _ => { }).Execute(TestContext.Current.CancellationToken);
        var third = new TrainingRun(Options("third") with { Seed = 2 }, _ => { }).Execute(TestContext.Current.CancellationToken);
        Assert.Equal(first.Sha256, second.Sha256);
        Assert.Equal(first.Temperature, second.Temperature);
        Assert.NotEqual(first.Sha256, third.Sha256);
    }

    [Fact]
    public void A_cancelled_training_writes_nothing()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        void StopAtFirstEpoch(string line)
        {
            if (line.StartsWith("epoch", StringComparison.Ordinal)) stop.Cancel();
        }

        Assert.ThrowsAny<OperationCanceledException>(() => new TrainingRun(Options("model"), StopAtFirstEpoch).Execute(stop.Token));
        Assert.Equal([At("films")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_folder_that_holds_something_is_refused_before_any_film_is_read()
    {
        var said = new List<string>();
        Assert.Throws<ModelPackageException>(() => new TrainingRun(Options("films"), said.Add).Execute(TestContext.Current.CancellationToken));
        Assert.Empty(said);
    }

    [Fact]
    public void Films_that_are_not_there_are_counted_and_none_at_all_is_an_error()
    {
        Directory.Move(At("films/films"), At("elsewhere"));
        var refusal = Assert.Throws<TrainingException>(() => new TrainingRun(Options("model"), _ => { }).Execute(TestContext.Current.CancellationToken));
        Assert.Contains("can be read (60 unreadable_file)", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--out", "model")]
    [InlineData(2, "LABELS", "--epochs", "3")]
    [InlineData(2, "LABELS", "--out", "model", "--epochs", "0")]
    [InlineData(2, "LABELS", "--out", "films")]
    [InlineData(2, "missing.csv", "--out", "model")]
    [InlineData(0, "--help")]
    public async Task The_exit_code_says_how_it_went(int code, params string[] arguments)
    {
        var program = new ProcessStartInfo("dotnet") { WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true };
        program.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "bis-train.dll"));
        foreach (var argument in arguments) program.ArgumentList.Add(argument == "LABELS" ? Labels : argument);
        using var process = Process.Start(program)!;
        var (error, output) = (process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(code, process.ExitCode);
        if (code == 0) Assert.Contains("./run.sh train", await output, StringComparison.Ordinal);
        else Assert.NotEmpty(await error);
    }

    private string Labels => At("films/labels.csv");

    private string At(string name) => Path.Combine(_folder, name);

    private TrainingOptions Options(string target) => new()
    {
        Labels = Labels,
        Films = At("films"),
        Out = At(target),
        Epochs = 2,
        InputSize = 32,
        Batch = 8,
        Threads = 1,
        Width = 0.25,
    };
}
