namespace BulkImplantScan.Training.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bis-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_saved_is_loaded_for_the_same_training_and_for_no_other()
    {
        var saved = Saved();
        var loaded = Checkpoint.Load(Path, "mine")!;
        Assert.Equal(saved.Epochs, loaded.Epochs);
        Assert.Equal(saved.Network, loaded.Network);
        Assert.Equal(saved.Optimizer, loaded.Optimizer);
        Assert.Equal(saved.Best, loaded.Best);
        Assert.Contains("of a training with other films", Assert.Throws<TrainingException>(() => Checkpoint.Load(Path, "another")).Message, StringComparison.Ordinal);
        Assert.Null(Checkpoint.Load(Path + ".none", "mine"));
    }

    [Fact]
    public void One_damaged_byte_or_a_missing_end_is_said_and_nothing_of_it_is_trained_on()
    {
        Saved();
        var whole = File.ReadAllBytes(Path);
        for (var at = 0; at < whole.Length; at++)
        {
            File.WriteAllBytes(Path, [.. whole.Select((value, i) => i == at ? (byte)(value ^ 0x80) : value)]);
            Refused();
            File.WriteAllBytes(Path, whole[..at]);
            Refused();
        }

        File.WriteAllBytes(Path, whole);
        Assert.NotNull(Checkpoint.Load(Path, "mine"));

        void Refused() => Assert.Contains("remove it to begin anew", Assert.Throws<TrainingException>(() => Checkpoint.Load(Path, "mine")).Message, StringComparison.Ordinal);
    }

    private string Path => System.IO.Path.Combine(_folder, "checkpoint.bin");

    private Checkpoint Saved()
    {
        var saved = new Checkpoint(
            "mine", [new(1, 0.5, 0.25, double.NaN, 0.75, false, 12.5), new(2, 0.4, 0.5, 0.3, 0.9, true, 11)], [1, 2, 3], [4, 5, 6, 7], []);
        saved.Save(Path);
        return saved;
    }
}
