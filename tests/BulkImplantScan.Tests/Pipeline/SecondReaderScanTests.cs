using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class SecondReaderScanTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    [Fact]
    public async Task A_film_that_only_the_second_reader_reads_gets_the_row_of_that_film_and_says_who_read_it()
    {
        var folder = Path.Combine(archive.Folder, "one");
        Directory.CreateDirectory(folder);
        var good = await archive.IndexAsync("good");
        using var inventory = new InventoryReader(good.InventoryPath);
        var first = inventory.ReadChunk(0).First(film => film.Reason == Reason.None);
        var film = await File.ReadAllBytesAsync(Path.Combine(archive.FilmsFolder, System.Text.Encoding.UTF8.GetString(first.Path)), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "film"), film[..300], TestContext.Current.CancellationToken); // ends in its header
        var second = new SecondReader("fo-dicom", isFirst: false, _ => film);

        var run = RunFolder.Create(
            Path.Combine(archive.Folder, "second"), new() { ProductVersion = "test", ArchiveRoot = folder, ChunkFilms = 8, SiteKeyId = archive.Key.Id });
        await Indexer.RunAsync(run, archive.Key, 1, null, TestContext.Current.CancellationToken, second);
        await Assert.ThrowsAsync<RunFolderException>(() => archive.ScanAsync(run)); // ours alone would make another row
        using var device = new CpuDevice(archive.Model, 4, threads: 2);
        await Scan.RunAsync(run, archive.Model, archive.Key, [device], new() { SecondReader = second, Explain = ExplainPolicy.None }, null, TestContext.Current.CancellationToken);
        await archive.ScanAsync(good);

        var row = Assert.Single(SmallArchive.Rows(run));
        var expected = SmallArchive.Rows(good).Single(other => other.FilmIndex == first.FilmIndex);
        Assert.Equal(expected.Decoder, row.Decoder);
        Assert.Equal(["fo_dicom"], row.Notes);
        Assert.Equal(
            (expected.Status, expected.Reason, expected.PixelHash, expected.TopClass, expected.Probability, expected.Facts),
            (row.Status, row.Reason, row.PixelHash, row.TopClass, row.Probability, row.Facts));
    }
}
