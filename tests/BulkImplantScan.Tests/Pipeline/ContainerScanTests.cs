using BulkImplantScan.Registry;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Archive.Containers;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>Films in containers have the rows that they have in folders, however often a scan is interrupted.</summary>
public sealed class ContainerScanTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    [Fact]
    public async Task Films_in_a_mixed_tree_have_the_rows_of_the_same_films_in_folders()
    {
        var plain = await archive.IndexAsync("plain");
        await archive.ScanAsync(plain);
        var expected = SmallArchive.Rows(plain).Select(Answer).ToList();

        var films = Films();
        var mixed = Path.Combine(archive.Folder, "mixed");
        Write("a.tar.gz", Boxes.Gzip(Boxes.Tar(films[..5])));
        Write("b/plain", films[5].Content);
        Write("c.tar.zst", Boxes.Zstandard(Boxes.Tar(films[6..10])));
        Write("d.zip", Boxes.Zip(films[10..15]));
        Write("e.tar", Boxes.Tar(films[15..18]));
        Write("f.zip", Boxes.Zip([("inner.zip", Boxes.Zip(films[18..21])), ("stored.zip", Boxes.Zip(films[21..23])), ("inner.tar.gz", Boxes.Gzip(Boxes.Tar(films[23..25])))]));
        Write("g.tar.gz", Boxes.Gzip(Boxes.Tar([("inner.zip", Boxes.Zip(films[25..28])), ("last.gz", Boxes.Gzip(films[28].Content))])));
        foreach (var (name, content) in films[29..]) Write("7z/" + name, content);
        Tools.Run(mixed, "7z", "a", "h.7z", "./7z");
        Directory.Delete(Path.Combine(mixed, "7z"), recursive: true);

        var run = await archive.IndexAsync("mixed-run", archive: mixed);
        Assert.True((await archive.ScanAsync(run)).IsComplete);
        Assert.Equal(expected.Order(StringComparer.Ordinal), SmallArchive.Rows(run).Select(Answer).Order(StringComparer.Ordinal));
        var balance = Ledger.Check(run.FullPath);
        Assert.True(balance.Ok, string.Join('\n', balance.Problems));

        void Write(string name, byte[] content)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(mixed, name))!);
            File.WriteAllBytes(Path.Combine(mixed, name), content);
        }
    }

    [Theory]
    [InlineData("tar.gz")]
    [InlineData("zip")]
    public async Task A_scan_of_a_container_that_is_interrupted_is_continued_to_the_same_bytes(string kind)
    {
        var box = Path.Combine(archive.Folder, "box." + kind);
        await File.WriteAllBytesAsync(box, kind == "zip" ? Boxes.Zip(Films()) : Boxes.Gzip(Boxes.Tar(Films())), TestContext.Current.CancellationToken);
        var expected = await archive.IndexAsync("undisturbed-" + kind, archive: box);
        await archive.ScanAsync(expected);

        // Parts are lost from the end, then from the front: what is missing is read from the middle of the container, and back.
        var run = await archive.IndexAsync("disturbed-" + kind, archive: box);
        using var stop = new CancellationTokenSource();
        await archive.ScanAsync(run, batch: 2, metered: meter => stop.CancelAfter(0), stop: stop.Token);
        await archive.ScanAsync(run);
        Assert.Equal(SmallArchive.PartHashes(expected), SmallArchive.PartHashes(run));
        File.Delete(run.PartPath(2));
        File.Delete(run.PartPath(0));
        await archive.ScanAsync(run);
        Assert.Equal(SmallArchive.PartHashes(expected), SmallArchive.PartHashes(run));
    }

    [Fact]
    public async Task A_container_that_changed_since_it_was_indexed_gives_reasons_and_no_wrong_film()
    {
        var films = Films();
        var folder = Directory.CreateDirectory(Path.Combine(archive.Folder, "boxes")).FullName;
        var tar = Boxes.Gzip(Boxes.Tar(films[..3]));
        var zip = Boxes.Zip(films[3..6]);
        await File.WriteAllBytesAsync(Path.Combine(folder, "a.tar.gz"), tar);
        await File.WriteAllBytesAsync(Path.Combine(folder, "b.zip"), zip);
        await File.WriteAllBytesAsync(Path.Combine(folder, "c.zip"), Boxes.Zip(films[6..8]));
        var before = await archive.IndexAsync("boxes-before", archive: folder);
        await archive.ScanAsync(before);
        var hashes = SmallArchive.Rows(before).ToDictionary(row => row.FilmKey, row => row.PixelHash);
        var run = await archive.IndexAsync("boxes-run", archive: folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "a.tar.gz"), tar[..(tar.Length / 2)]);
        zip[^100] ^= 0xFF; // the directory
        await File.WriteAllBytesAsync(Path.Combine(folder, "b.zip"), zip);
        await File.WriteAllBytesAsync(Path.Combine(folder, "c.zip"), Boxes.Zip(films[10..12]));
        await archive.ScanAsync(run);
        var rows = SmallArchive.Rows(run);
        Assert.Contains(rows[..3], row => row.Reason == Reason.DamagedArchive);
        Assert.All(rows, row => Assert.True(row.PixelHash is null || row.PixelHash == hashes[row.FilmKey], $"another film: {row.Reason}"));
        Assert.All(rows[3..6], row => Assert.True(row.PixelHash is not null || row.Reason is Reason.DamagedArchive or Reason.ChangedSinceIndex || row.Status == FilmStatus.Rejected, $"{row.Reason}"));
        Assert.All(rows[6..8], row => Assert.True(row.Reason is Reason.ChangedSinceIndex || row.Status == FilmStatus.Rejected, $"{row.Reason}"));
        Assert.True(Ledger.Check(run.FullPath).Ok);
    }

    [Fact]
    public async Task Frames_of_a_member_share_one_read_and_each_has_its_row()
    {
        var source = SharedFolder.Require("data", "dicom", "multiframe_rtdose_rle32.dcm");
        var box = Path.Combine(archive.Folder, "frames.tar.gz");
        await File.WriteAllBytesAsync(box, Boxes.Gzip(Boxes.Tar(("frames", await File.ReadAllBytesAsync(source)))));
        var run = await archive.IndexAsync("frames-run", archive: box);
        await archive.ScanAsync(run);
        Assert.Equal(15, SmallArchive.Rows(run).Length);
    }

    private (string Name, byte[] Content)[] Films() =>
        [.. Directory.GetFiles(archive.FilmsFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(archive.FilmsFolder, file), File.ReadAllBytes(file)))];

    // All of the row but place and key, and the facts of films that are broken on purpose.
    private static string Answer(FilmRow row) => string.Join(
        ' ', row.Facts.Instance, row.Frame, row.Status, row.Reason, row.Detail, row.FileOffset, row.PixelHash, row.TopClass, row.Probability, string.Join(',', row.Probabilities),
        Convert.ToHexString(row.Cam), Convert.ToHexString(row.Embedding), row.Voi, row.Decoder);
}
