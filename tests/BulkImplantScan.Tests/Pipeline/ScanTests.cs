using BulkImplantScan.Archive;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class ScanTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    [Fact]
    public async Task Every_film_of_the_inventory_has_one_row_and_the_ledger_adds_up()
    {
        var run = await archive.IndexAsync("ledger");
        var outcome = await archive.ScanAsync(run);

        Assert.True(outcome.IsComplete);
        var rows = SmallArchive.Rows(run);
        Assert.Equal(Enumerable.Range(0, rows.Length).Select(i => (long)i), rows.Select(row => row.FilmIndex));
        var balance = Ledger.Check(run.FullPath);
        Assert.True(balance.Ok, string.Join('\n', balance.Problems));
        Assert.Equal(SmallArchive.Broken, balance.Failed + balance.Rejected);
        Assert.Equal(SmallArchive.Films + SmallArchive.Broken, balance.Films);
    }

    [Fact]
    public async Task Rows_are_byte_identical_whatever_the_number_of_workers_and_the_size_of_batches()
    {
        var expected = await archive.IndexAsync("one-worker");
        await archive.ScanAsync(expected, batch: 1, workers: 1);
        foreach (var (batch, workers) in ((int, int)[])[(4, 3), (7, 2), (16, 5)])
        {
            var run = await archive.IndexAsync($"batch-{batch}");
            await archive.ScanAsync(run, batch: batch, workers: workers);
            Assert.Equal(SmallArchive.PartHashes(expected), SmallArchive.PartHashes(run));
        }
    }

    [Fact]
    public async Task A_scan_that_is_stopped_leaves_whole_parts_and_the_next_one_completes_them_to_the_same_bytes()
    {
        var expected = await archive.IndexAsync("undisturbed");
        await archive.ScanAsync(expected);

        var run = await archive.IndexAsync("disturbed");
        using var stop = new CancellationTokenSource();
        var device = Stopping(new CpuDevice(archive.Model, 4, 1), () => stop.Cancel(), afterBatches: 2);
        var first = await archive.ScanAsync(run, device, stop: stop.Token);
        Assert.False(first.IsComplete);
        Assert.NotEmpty(SmallArchive.PartHashes(run));
        var before = SmallArchive.PartHashes(run).Length;
        Assert.True(before < SmallArchive.PartHashes(expected).Length);

        var second = await archive.ScanAsync(run);
        Assert.True(second.IsComplete);
        Assert.True(second.Meter.Recorded < second.Meter.Films, "the second scan did what the first had done");
        Assert.Equal(SmallArchive.PartHashes(expected), SmallArchive.PartHashes(run));
    }

    [Fact]
    public async Task A_complete_run_is_not_scanned_again()
    {
        var run = await archive.IndexAsync("complete");
        await archive.ScanAsync(run);
        var again = await archive.ScanAsync(run);
        Assert.True(again.IsComplete);
        Assert.Equal(0, again.Meter.Recorded);
    }

    [Fact]
    public async Task A_stage_that_throws_stops_the_run_with_the_films_key_and_keeps_finished_parts()
    {
        var run = await archive.IndexAsync("fault");
        var device = Stopping(new CpuDevice(archive.Model, 4, 1), () => throw new InvalidOperationException("the device broke"), afterBatches: 3);
        var fault = await Assert.ThrowsAsync<ScanFaultException>(() => archive.ScanAsync(run, device));

        Assert.Equal("infer", fault.Stage);
        Assert.Contains("the device broke", fault.Message, StringComparison.Ordinal);
        using var inventory = new InventoryReader(run.InventoryPath);
        Assert.Contains(fault.FilmKey, inventory.Chunks.SelectMany(chunk => inventory.ReadChunk(chunk.Number)).Select(film => film.FilmKey));
        Assert.True((await archive.ScanAsync(run)).IsComplete);
    }

    [Fact]
    public async Task A_film_that_changed_since_it_was_indexed_fails_with_that_reason()
    {
        var films = Path.Combine(archive.Folder, "changing");
        Directory.CreateDirectory(films);
        var names = Directory.GetFiles(archive.FilmsFolder, "*", SearchOption.AllDirectories).OrderBy(name => -new FileInfo(name).Length).Take(3).ToArray();
        foreach (var (name, i) in names.Select((name, i) => (name, i))) File.Copy(name, Path.Combine(films, $"{i}"));
        var run = await archive.IndexAsync("changed", archive: films);
        File.Delete(Path.Combine(films, "0"));
        await File.AppendAllTextAsync(Path.Combine(films, "1"), "x", TestContext.Current.CancellationToken);
        await archive.ScanAsync(run);

        Assert.Equal(
            [Reason.UnreadableFile, Reason.ChangedSinceIndex], SmallArchive.Rows(run).Take(2).Select(row => row.Reason));
        Assert.NotNull(SmallArchive.Rows(run)[2].TopClass);
    }

    [Fact]
    public async Task Copies_of_a_film_have_one_pixel_hash_and_one_instance_but_keys_of_their_own()
    {
        var films = Path.Combine(archive.Folder, "copies");
        Directory.CreateDirectory(films);
        var name = Directory.GetFiles(archive.FilmsFolder, "*", SearchOption.AllDirectories).MaxBy(name => new FileInfo(name).Length)!;
        File.Copy(name, Path.Combine(films, "a"));
        File.Copy(name, Path.Combine(films, "b"));
        var run = await archive.IndexAsync("copied", archive: films);
        await archive.ScanAsync(run);

        var rows = SmallArchive.Rows(run);
        Assert.Equal(rows[0].PixelHash, rows[1].PixelHash);
        Assert.NotNull(rows[0].PixelHash);
        Assert.Equal(rows[0].Facts.Instance, rows[1].Facts.Instance);
        Assert.NotEqual(rows[0].FilmKey, rows[1].FilmKey);
        Assert.Equal(1, Ledger.Check(run.FullPath).Duplicates);
    }

    [Fact]
    public async Task Overlays_are_written_for_the_films_that_the_policy_names()
    {
        var run = await archive.IndexAsync("overlays");
        await archive.ScanAsync(run, explain: ExplainPolicy.All);
        var judged = SmallArchive.Rows(run).Where(row => row.TopClass is not null).Select(row => row.FilmKey).Order();
        Assert.Equal(judged, Directory.GetFiles(run.OverlaysPath, "*.png").Select(Path.GetFileNameWithoutExtension).Order());

        var none = await archive.IndexAsync("no-overlays");
        await archive.ScanAsync(none, explain: ExplainPolicy.None);
        Assert.Equal(SmallArchive.PartHashes(run), SmallArchive.PartHashes(none));
    }

    [Fact]
    public async Task Another_model_is_refused_for_a_run_that_has_begun()
    {
        var run = await archive.IndexAsync("other-model");
        await archive.ScanAsync(run);
        var other = archive.Model with { Temperature = 2 };
        using var device = new CpuDevice(other, 4, 1);
        await Assert.ThrowsAsync<RunFolderException>(
            () => Scan.RunAsync(run, other, archive.Key, [device], new(), null, CancellationToken.None));
    }

    [Fact]
    public async Task The_device_path_gives_the_answers_of_the_cpu_path()
    {
        // ILGPU's CPU accelerator emulates a device thread by thread: a handful of small films is what it can do in a test.
        var films = Path.Combine(archive.Folder, "few");
        Directory.CreateDirectory(films);
        PhantomFilms(films, 5, longSide: 64);
        var cpu = await archive.IndexAsync("few-cpu", archive: films);
        await archive.ScanAsync(cpu);
        var emulated = await archive.IndexAsync("few-emulated", archive: films);
        await archive.ScanAsync(emulated, IlgpuDevice.OnEmulator(archive.Model, 2));

        var (expected, actual) = (SmallArchive.Rows(cpu), SmallArchive.Rows(emulated));
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Status, actual[i].Status);
            Assert.Equal(expected[i].TopClass, actual[i].TopClass);
            Assert.Equal(expected[i].PixelHash, actual[i].PixelHash);
            Assert.Equal(expected[i].Probability!.Value, actual[i].Probability!.Value, 1e-3f); // inputs differ by up to 1/1023 of full scale
            Assert.Equal(expected[i].CamPeak!.Value, actual[i].CamPeak!.Value, 1e-2f * (1 + expected[i].CamPeak!.Value));
            Assert.Equal(expected[i].Embedding.Length, actual[i].Embedding.Length);
        }
    }

    private static void PhantomFilms(string folder, int count, int longSide)
    {
        var temporary = folder + "-phantoms";
        Phantoms.PhantomArchive.Write(new() { Count = count, OutFolder = temporary, Seed = 9, LongSidePixels = longSide }, null, CancellationToken.None);
        foreach (var (file, i) in Directory.GetFiles(Path.Combine(temporary, "films"), "*", SearchOption.AllDirectories).Select((file, i) => (file, i)))
            File.Copy(file, Path.Combine(folder, $"{i}"));
    }

    /// <summary>The CPU, but something happens before the n-th batch is inferred.</summary>
    private static WrappedDevice Stopping(ComputeDevice device, Action happen, int afterBatches)
    {
        var batches = 0;
        return new(device, slot => new Slot(slot, () =>
        {
            if (Interlocked.Increment(ref batches) == afterBatches) happen();
        }));
    }

    private sealed class Slot(BatchSlot slot, Action before) : WrappedSlot(slot)
    {
        public override void Infer()
        {
            before();
            base.Infer();
        }
    }
}
