using System.Threading.Channels;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>Makes the inventory of a run: every file of the archive, by its header alone.</summary>
/// <remarks><code>
/// walk ─▶ batches ─▶ workers ─▶ rows in the order of the walk ─▶ inventory.parquet
/// </code>
/// Memory does not grow with the archive: the walk keeps one path, the queues a few batches, the writer one chunk.</remarks>
public static class Indexer
{
    private const int BatchFiles = 64;
    private const int BatchesPerWorker = 4;

    /// <summary>Indexes <see cref="RunManifest.ArchiveRoot"/> into <see cref="RunFolder.InventoryPath"/>, all or nothing.</summary>
    /// <param name="run">Its triage (<see cref="Triage.OfRun"/>) decides which films are judged; its own folder is passed over if it
    /// lies in the archive. Gets the counts when the inventory is complete.</param>
    /// <param name="key">The key of the run's pseudonyms.</param>
    /// <param name="workers">Headers read at a time, ≥ 1; more than cores help where the archive is far away.</param>
    /// <param name="progress">Is told after each batch of files; null for nobody.</param>
    /// <param name="stop">Ends with an <see cref="OperationCanceledException"/> and without an inventory.</param>
    /// <param name="second">For what our reader rejects, or before it; null for ours alone. The scan must have the same.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArchiveException">The archive is missing, no folder, unreadable, or has no file in it; a run in which
    /// nothing is yet is gone again then.</exception>
    /// <exception cref="TriageException">The run's triage is not the one that it was begun with.</exception>
    /// <exception cref="RunFolderException">Another key made the run, or the disk is full.</exception>
    public static async Task<IndexProgress> RunAsync(
        RunFolder run, SiteKey key, int workers, IProgress<IndexProgress>? progress, CancellationToken stop, SecondReader? second = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        run.RequireKey(key);
        try
        {
            var triage = Triage.OfRun(run);
            triage.KeepIn(run);
            return await RunAsync(run, new Pseudonyms(key), triage, second, workers, progress, stop);
        }
        catch (ArchiveException)
        {
            run.Discard();
            throw;
        }
    }

    private static async Task<IndexProgress> RunAsync(
        RunFolder run, Pseudonyms pseudonyms, Triage triage, SecondReader? second, int workers,
        IProgress<IndexProgress>? progress, CancellationToken stop)
    {
        var root = run.Manifest.ArchiveRoot;
        var walker = new FolderWalker(root, excluded: run.FullPath);
        using var pool = new PixelBufferPool();
        using var inventory = new InventoryWriter(run.InventoryPath, run.Manifest.ChunkFilms);
        using var fault = CancellationTokenSource.CreateLinkedTokenSource(stop);

        var work = Channel.CreateBounded<Batch>(workers);
        var inOrder = Channel.CreateBounded<Batch>(workers * BatchesPerWorker);
        Task[] stages =
        [
            Guard(() => WalkAsync(walker, work.Writer, inOrder.Writer, fault.Token), fault),
            .. Enumerable.Range(0, workers).Select(_ =>
                Guard(() => ReadHeadersAsync(root, pseudonyms, triage, second, pool, work.Reader, fault.Token), fault)),
        ];

        var count = default(IndexProgress);
        try
        {
            await foreach (var batch in inOrder.Reader.ReadAllAsync(fault.Token))
            {
                count = Add(inventory, await batch.Done.Task.WaitAsync(fault.Token), count);
                progress?.Report(count);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // A stage failed and stopped the others: WhenAll throws what it was.
        }
        finally
        {
            await fault.CancelAsync();
            await Task.WhenAll(stages).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(stages.Where(stage => stage.IsFaulted));
        stop.ThrowIfCancellationRequested();
        if (count.Files == 0) throw new ArchiveException($"There is no file below {root}. Name the folder that holds the films.");

        inventory.Publish();
        run.Save(run.Manifest with { Films = count.Films, Files = count.Files, DicomReader = SecondReader.InRun(second) });
        return count;
    }

    private static async Task WalkAsync(FolderWalker walker, ChannelWriter<Batch> work, ChannelWriter<Batch> inOrder, CancellationToken stop)
    {
        var batch = new Batch();
        foreach (var entry in walker.Walk())
        {
            stop.ThrowIfCancellationRequested();
            batch.Entries.Add(entry);
            if (batch.Entries.Count < BatchFiles) continue;
            await SendAsync(batch);
            batch = new();
        }

        if (batch.Entries.Count > 0) await SendAsync(batch);
        work.Complete();
        inOrder.Complete();

        async Task SendAsync(Batch full)
        {
            await inOrder.WriteAsync(full, stop);
            await work.WriteAsync(full, stop);
        }
    }

    private static async Task ReadHeadersAsync(
        string root, Pseudonyms pseudonyms, Triage triage, SecondReader? second, PixelBufferPool pool, ChannelReader<Batch> work,
        CancellationToken stop)
    {
        using var indexer = new FileIndexer(root, pseudonyms, triage, pool, second);
        await foreach (var batch in work.ReadAllAsync(stop))
        {
            foreach (var entry in batch.Entries)
            {
                stop.ThrowIfCancellationRequested();
                batch.Bytes += indexer.Index(entry, batch.Rows);
            }

            batch.Done.SetResult(batch);
        }
    }

    private static IndexProgress Add(InventoryWriter inventory, Batch batch, IndexProgress before)
    {
        var toScan = before.ToScan;
        foreach (var row in batch.Rows)
        {
            inventory.Add(row with { FilmIndex = inventory.FilmCount });
            if (row.Reason == Reason.None) toScan++;
        }

        return new(before.Files + batch.Entries.Count, inventory.FilmCount, toScan, before.Bytes + batch.Bytes);
    }

    private static Task Guard(Func<Task> stage, CancellationTokenSource fault) => Task.Run(async () =>
    {
        try
        {
            await stage();
        }
        catch
        {
            await fault.CancelAsync(); // else the others would wait for this one for ever
            throw;
        }
    });

    /// <summary>Some entries of the walk, and what became of them.</summary>
    private sealed class Batch
    {
        public List<ArchiveEntry> Entries { get; } = new(BatchFiles);

        public List<InventoryFilm> Rows { get; } = new(BatchFiles);

        public long Bytes { get; set; }

        public TaskCompletionSource<Batch> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
