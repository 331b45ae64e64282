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
        PhantomArchive.Write(
            new() { Count = 20, OutFolder = At("fresh"), Seed = 5, LongSidePixels = 96, UnknownShare = 0.3, Threads = 1 }, progress: null, CancellationToken.None);
        var said = new List<string>();
        var written = new TrainingRun(Options("model") with { TestLabels = At("fresh/labels.csv") }, said.Add).Execute(TestContext.Current.CancellationToken);
        var package = ModelPackage.Load(written.Folder);
        using var session = new NetworkSession(package, batchSize: 2, threads: 1);

        Assert.Equal(["D1", "D2", "D3", "D4", "D5", "D6", "none", "unknown", "other"], package.Classes.Select(device => device.Id));
        Assert.Equal(package.Classes.Count, package.Thresholds.Conformal?.Length);
        Assert.Equal((package.Classes.Count, 0.05), (package.Thresholds.ConformalFilms?.Length, package.Thresholds.ConformalMiss));
        Assert.NotNull(package.Thresholds.Features?.Maximum);
        Assert.True(File.Exists(Path.Combine(At("model.training"), "curves.png")));
        Assert.False(File.Exists(Path.Combine(At("model.training"), "checkpoint.bin")));
        Assert.Equal(60, File.ReadAllLines(Path.Combine(At("model.training"), "split.csv")).Length - 1);
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
    public void A_training_that_was_stopped_goes_on_and_ends_in_the_same_model()
    {
        var whole = new TrainingRun(Options("whole") with { Epochs = 3 }, _ => { }).Execute(TestContext.Current.CancellationToken);
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            void StopAfter(string line)
            {
                if (line.StartsWith($"epoch {epoch}/", StringComparison.Ordinal)) stop.Cancel();
            }

            Assert.ThrowsAny<OperationCanceledException>(() => new TrainingRun(Options("model") with { Epochs = 3 }, StopAfter).Execute(stop.Token));
            Assert.False(Directory.Exists(At("model")));
            Assert.True(File.Exists(At("model.training/checkpoint.bin")));
        }

        var said = new List<string>();
        var resumed = new TrainingRun(Options("model") with { Epochs = 3 }, said.Add).Execute(TestContext.Current.CancellationToken);
        Assert.Equal(whole.Sha256, resumed.Sha256);
        Assert.Equal(File.ReadAllText(Path.Combine(whole.Folder, "model.json")), File.ReadAllText(Path.Combine(resumed.Folder, "model.json")));
        Assert.Equal(3, said.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal))); // those of the checkpoint are told again
    }

    [Fact]
    public async Task A_training_that_was_killed_goes_on_and_ends_in_the_same_model()
    {
        var whole = await TrainAsync("whole", untilEpoch: null);
        Assert.Equal(0, whole);
        Assert.NotEqual(0, await TrainAsync("model", untilEpoch: 2));
        Assert.False(Directory.Exists(At("model")));
        Assert.True(File.Exists(At("model.training/checkpoint.bin")));
        Assert.Equal(0, await TrainAsync("model", untilEpoch: null));
        foreach (var name in (string[])["model.onnx", "model.json"]) Assert.Equal(File.ReadAllBytes(At($"whole/{name}")), File.ReadAllBytes(At($"model/{name}")));

        // Killed (SIGKILL) as soon as it tells of an epoch: whatever it does then, it is cut off in the middle.
        async Task<int> TrainAsync(string target, int? untilEpoch)
        {
            var program = new ProcessStartInfo("dotnet") { WorkingDirectory = _folder, RedirectStandardError = true };
            foreach (var argument in (string[])[
                Path.Combine(AppContext.BaseDirectory, "bis-train.dll"), Labels, "--out", target, "--epochs", "4", "--input-size", "32", "--batch", "8", "--threads", "1", "--width", "0.25"])
                program.ArgumentList.Add(argument);
            using var process = Process.Start(program)!;
            while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (untilEpoch is { } last && line.StartsWith($"epoch {last}/", StringComparison.Ordinal)) process.Kill();
            }

            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode;
        }
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        void StopAtFirst(string line)
        {
            if (line.StartsWith("epoch 1", StringComparison.Ordinal)) stop.Cancel();
        }

        Assert.ThrowsAny<OperationCanceledException>(() => new TrainingRun(Options("model"), StopAtFirst).Execute(stop.Token));
        var refusal = Assert.Throws<TrainingException>(() => new TrainingRun(Options("model") with { Seed = 9 }, _ => { }).Execute(TestContext.Current.CancellationToken));
        Assert.Contains("other films, labels or options", refusal.Message, StringComparison.Ordinal);
        File.WriteAllBytes(At("model.training/checkpoint.bin"), [1, 2, 3]);
        refusal = Assert.Throws<TrainingException>(() => new TrainingRun(Options("model"), _ => { }).Execute(TestContext.Current.CancellationToken));
        Assert.Contains("cannot be read as a checkpoint", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Films_of_the_same_pixels_under_two_patients_are_refused()
    {
        // A copy of every film under another patient: some pair falls on two sides.
        var lines = File.ReadAllLines(Labels).Where(line => !line.Contains("broken", StringComparison.Ordinal)).ToArray();
        var copies = lines.Skip(1).Select(line =>
        {
            var file = line[..line.IndexOf(',', StringComparison.Ordinal)];
            var copy = file.Replace("films/", "copies/", StringComparison.Ordinal);
            Directory.CreateDirectory(Path.GetDirectoryName(At("films/" + copy))!);
            File.Copy(At("films/" + file), At("films/" + copy));
            return line.Replace("films/", "copies/", StringComparison.Ordinal).Replace(",PHANTOM-", ",OTHER-", StringComparison.Ordinal);
        }).ToArray();
        File.WriteAllLines(At("films/doubled.csv"), [.. lines, .. copies]);
        var refusal = Assert.Throws<TrainingException>(() => new TrainingRun(Options("model") with { Labels = At("films/doubled.csv") }, _ => { }).Execute(TestContext.Current.CancellationToken));
        Assert.Contains("show the same pixels under two patients", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Films_that_look_like_those_trained_on_are_listed_and_counted()
    {
        // A copy under another patient, with other values in its last rows: another hash, the same picture.
        var lines = File.ReadAllLines(Labels);
        var copies = new List<string> { lines[0] };
        foreach (var line in lines.Skip(1).Where(line => !line.Contains("broken", StringComparison.Ordinal)))
        {
            var file = line[..line.IndexOf(',', StringComparison.Ordinal)];
            var bytes = File.ReadAllBytes(At("films/" + file));
            if (bytes.AsSpan(0, 512).IndexOf("1.2.840.10008.1.2.1\0"u8) < 0) continue; // not compressed: the file ends with its pixels
            for (var i = bytes.Length - 6000; i < bytes.Length; i += 2) bytes[i] ^= 8;
            var copy = At("copies/" + file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, bytes);
            copies.Add(line.Replace(",PHANTOM-", ",OTHER-", StringComparison.Ordinal));
        }

        File.WriteAllLines(At("copies/labels.csv"), copies);
        var said = new List<string>();
        new TrainingRun(Options("model") with { Epochs = 1, TestLabels = At("copies/labels.csv") }, said.Add).Execute(TestContext.Current.CancellationToken);
        var sentence = Assert.Single(said, line => line.Contains("look like films to train on", StringComparison.Ordinal));
        Assert.StartsWith($"{copies.Count - 1} films of the test look like", sentence, StringComparison.Ordinal);
        var listed = File.ReadAllLines(At("model.training/lookalikes-test.csv"));
        Assert.Equal("training,test", listed[0]);
        Assert.All(listed.Skip(1), pair => Assert.Equal(pair.Split(',')[0], pair.Split(',')[1]));
        Assert.False(File.Exists(At("model.training/lookalikes-validation.csv")));
    }

    [Fact]
    public void A_test_on_patients_of_the_training_is_refused_before_anything_is_trained()
    {
        var said = new List<string>();
        var refusal = Assert.Throws<TrainingException>(() => new TrainingRun(Options("model") with { TestLabels = Labels }, said.Add).Execute(TestContext.Current.CancellationToken));
        Assert.Contains("are of patients who are in the training", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(said, line => line.StartsWith("epoch", StringComparison.Ordinal));
        Assert.False(Directory.Exists(At("model.training")), "nothing to go on from, so nothing is left");
    }

    [Fact]
    public void A_training_may_start_from_a_package_with_other_classes()
    {
        var closed = new TrainingRun(Options("closed") with { Refusing = false }, _ => { }).Execute(TestContext.Current.CancellationToken);
        Assert.Equal(["D1", "D2", "D3", "D4", "D5", "D6", "none"], closed.Classes.Select(device => device.Id));
        var said = new List<string>();
        var open = new TrainingRun(Options("open") with { StartFrom = closed.Folder }, said.Add).Execute(TestContext.Current.CancellationToken);
        Assert.Equal(9, open.Classes.Count);
        var refusal = Assert.Throws<TrainingException>(() => new TrainingRun(Options("wide") with { StartFrom = closed.Folder, Width = 0.5 }, _ => { }).Execute(TestContext.Current.CancellationToken));
        Assert.Contains("has another network", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_is_wide_inside_its_blocks_is_pruned_by_the_training_that_starts_from_it()
    {
        var wide = new TrainingRun(Options("wide") with { WideBlocks = true }, _ => { }).Execute(TestContext.Current.CancellationToken);
        var narrow = new TrainingRun(Options("narrow") with { StartFrom = wide.Folder }, _ => { }).Execute(TestContext.Current.CancellationToken);
        static long Bytes(ModelPackage package) => new FileInfo(Path.Combine(package.Folder, "model.onnx")).Length;
        Assert.True(Bytes(narrow) < 0.8 * Bytes(wide), $"{Bytes(narrow)} of {Bytes(wide)} bytes");
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
        Assert.False(Directory.Exists(At("model.training")));
    }

    [Theory]
    [InlineData(2, "--out", "model")]
    [InlineData(2, "LABELS", "--epochs", "3")]
    [InlineData(2, "LABELS", "--out", "model", "--epochs", "0")]
    [InlineData(2, "LABELS", "--out", "films")]
    [InlineData(2, "missing.csv", "--out", "model")]
    [InlineData(2, "LABELS", "--out", "model", "--test", "missing.csv")]
    [InlineData(2, "LABELS", "--out", "model", "--start-from", "missing")]
    [InlineData(2, "LABELS", "--out", "films/labels.csv/model")] // below a file there is no folder
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
        Assert.DoesNotContain("   at ", await error, StringComparison.Ordinal); // no stack trace
        Assert.DoesNotContain("reading", await error, StringComparison.Ordinal); // said before the films are read
    }

    [Fact]
    public void Calibrating_anew_with_the_same_films_changes_nothing_but_the_name_and_the_provenance()
    {
        var trained = new TrainingRun(Options("trained"), _ => { }).Execute(TestContext.Current.CancellationToken);
        var again = new TrainingRun(Options("again") with { Calibrate = trained.Folder, InputSize = 64 }, _ => { }).Execute(TestContext.Current.CancellationToken);
        Assert.Equal((trained.Sha256, trained.Temperature), (again.Sha256, again.Temperature));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(trained.Thresholds), System.Text.Json.JsonSerializer.Serialize(again.Thresholds));
        Assert.Contains("Calibrated anew", again.Training, StringComparison.Ordinal);
        Assert.Equal(trained.Thresholds.Answers!.Films.Sum(row => row.Sum()), File.ReadAllLines(Path.Combine(At("trained.training"), "split.csv")).Count(line => line.EndsWith("validation", StringComparison.Ordinal)));
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
