using System.Text;
using System.Threading.Channels;
using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>Makes the inventory of a run: every file of the archive, by its header alone.</summary>
/// <remarks><code>
/// walk ─▶ batches ─▶ workers ─▶ rows in the order of the walk ─▶ inventory.parquet
/// </code>
/// Memory does not grow with the archive: the walk keeps one path, the queues a few batches, the writer one chunk. Nor does it
/// with a container of a million films, which is one entry: rows flow in blocks, and a worker whose turn has not come waits.</remarks>
public static class Indexer
{
    private const int BatchFiles = 64;
    private const int BatchesPerWorker = 4;
    private const int BlockRows = 256, BlocksPerBatch = 4;

    /// <summary>Indexes without exported pictures: as the other one with <see cref="PictureOptions.Off"/>.</summary>
    public static Task<IndexProgress> RunAsync(
        RunFolder run, SiteKey key, int workers, IProgress<IndexProgress>? progress, CancellationToken stop, SecondReader? second = null) =>
        RunAsync(run, key, PictureOptions.Off, workers, progress, stop, second);

    /// <summary>Indexes <see cref="RunManifest.Roots"/> into <see cref="RunFolder.InventoryPath"/>, all or nothing.</summary>
    /// <param name="run">Its triage (<see cref="Triage.OfRun"/>) decides which films are judged; its own folder is passed over if it
    /// lies in the archive. Gets the counts when the inventory is complete.</param>
    /// <param name="key">The key of the run's pseudonyms.</param>
    /// <param name="pictures">What is done with exported pictures.</param>
    /// <param name="workers">Headers read at a time, ≥ 1; more than cores help where the archive is far away.</param>
    /// <param name="progress">Is told after each batch of files; null for nobody.</param>
    /// <param name="stop">Ends with an <see cref="OperationCanceledException"/> and without an inventory.</param>
    /// <param name="second">For what our reader rejects, or before it; null for ours alone. The scan must have the same.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArchiveException">An archive is missing, unreadable, or lies in another, or no file is in any; a run in
    /// which nothing is yet is gone again then.</exception>
    /// <exception cref="TriageException">The run's triage is not the one that it was begun with.</exception>
    /// <exception cref="RunFolderException">Another key made the run, or the disk is full.</exception>
    public static async Task<IndexProgress> RunAsync(
        RunFolder run, SiteKey key, PictureOptions pictures, int workers, IProgress<IndexProgress>? progress, CancellationToken stop,
        SecondReader? second = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        run.RequireKey(key);
        try
        {
            var triage = Triage.OfRun(run);
            triage.KeepIn(run);
            return await RunAsync(run, new Pseudonyms(key), triage, pictures, second, workers, progress, stop);
        }
        catch (ArchiveException)
        {
            run.Discard();
            throw;
        }
    }

    private static async Task<IndexProgress> RunAsync(
        RunFolder run, Pseudonyms pseudonyms, Triage triage, PictureOptions pictures, SecondReader? second, int workers,
        IProgress<IndexProgress>? progress, CancellationToken stop)
    {
        var roots = run.Manifest.Roots;
        if (pictures.Sidecar is not null && roots.Count > 1)
            throw new ArchiveException("A sidecar speaks of the files of one archive, by their paths in it; with several, a line would name a file in each. Index the archive of the pictures as a run of its own.");
        var folders = roots.Select(ArchiveRoots.FolderOf).ToArray();
        var walk = ArchiveRoots.Walk(roots, excluded: run.FullPath);
        var pictureIndexer = new PictureIndexer(pictures.Policy, pictures.Sidecar, triage);
        using var pool = new PixelBufferPool();
        using var inventory = new InventoryWriter(run.InventoryPath, run.Manifest.ChunkFilms);
        using var fault = CancellationTokenSource.CreateLinkedTokenSource(stop);

        var work = Channel.CreateBounded<Batch>(workers);
        var inOrder = Channel.CreateBounded<Batch>(workers * BatchesPerWorker);
        Task[] stages =
        [
            Guard(() => WalkAsync(walk, work.Writer, inOrder.Writer, fault.Token), fault),
            .. Enumerable.Range(0, workers).Select(_ =>
                Guard(
                    () => ReadHeadersAsync(
                        () => new(folders, pseudonyms, triage, pictureIndexer, pool, ArchiveLimits.Default, second, fault.Token), work.Reader, fault.Token),
                    fault)),
        ];

        var count = default(IndexProgress);
        try
        {
            await foreach (var batch in inOrder.Reader.ReadAllAsync(fault.Token))
            {
                await foreach (var rows in batch.Rows.Reader.ReadAllAsync(fault.Token))
                {
                    count = Add(inventory, rows, count);
                    progress?.Report(count);
                }

                count = count with { Files = count.Files + batch.Entries.Count, Bytes = count.Bytes + batch.Bytes };
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
        if (count.Files == 0) throw new ArchiveException($"There is no file below {string.Join(", ", roots)}. Name the folder that holds the films.");

        count = AddMissing(inventory, pictures.Sidecar, pseudonyms, count);
        inventory.Publish();
        run.Save(run.Manifest with { Format = RunManifest.CurrentFormat, Films = count.Films, Files = count.Files, DicomReader = SecondReader.InRun(second) });
        return count;
    }

    private static async Task WalkAsync(IEnumerable<ArchiveEntry> walk, ChannelWriter<Batch> work, ChannelWriter<Batch> inOrder, CancellationToken stop)
    {
        var batch = new Batch();
        foreach (var entry in walk)
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
        Func<FileIndexer> newIndexer, ChannelReader<Batch> work, CancellationToken stop)
    {
        using var indexer = newIndexer();
        await foreach (var batch in work.ReadAllAsync(stop))
        {
            var block = new List<InventoryFilm>(BatchFiles);
            foreach (var entry in batch.Entries)
            {
                stop.ThrowIfCancellationRequested();
                foreach (var row in indexer.Index(entry))
                {
                    block.Add(row);
                    if (block.Count < BlockRows) continue;
                    await batch.Rows.Writer.WriteAsync(block, stop);
                    block = new(BlockRows);
                }

                batch.Bytes += indexer.EntryBytes;
            }

            await batch.Rows.Writer.WriteAsync(block, stop);
            batch.Rows.Writer.Complete();
        }
    }

    private static IndexProgress Add(InventoryWriter inventory, List<InventoryFilm> rows, IndexProgress before)
    {
        var toScan = before.ToScan;
        foreach (var row in rows)
        {
            inventory.Add(row with { FilmIndex = inventory.FilmCount });
            if (row.Reason == Reason.None) toScan++;
        }

        return before with { Films = inventory.FilmCount, ToScan = toScan };
    }

    /// <summary>A film that is listed and not there is a lost film: it has a row, behind all that are there.</summary>
    private static IndexProgress AddMissing(InventoryWriter inventory, Sidecar? sidecar, Pseudonyms pseudonyms, IndexProgress before)
    {
        if (sidecar is null) return before;
        var (missing, unused) = (0, 0);
        foreach (var line in sidecar.Lines)
        {
            if (line.IsThere && !line.IsUsed) unused++;
            if (line.IsThere) continue;
            missing++;
            var path = Encoding.UTF8.GetBytes(line.Path);
            inventory.Add(new()
            {
                FilmIndex = inventory.FilmCount,
                FilmKey = pseudonyms.Film(null, 1, path),
                Path = path,
                Reason = Reason.MissingFile,
                Detail = "sidecar",
                Facts = line.Facts,
            });
        }

        return before with { Films = inventory.FilmCount, MissingListed = missing, UnusedListed = unused };
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

        /// <summary>Blocks of rows, in order; complete when all entries are done.</summary>
        public Channel<List<InventoryFilm>> Rows { get; } = Channel.CreateBounded<List<InventoryFilm>>(BlocksPerBatch);

        /// <summary>Of the files; to be read when the rows are complete.</summary>
        public long Bytes { get; set; }
    }
}
