using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Archive;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>The seam, with a reader that gives a fixed film; FoDicom/ has the one of the flavour.</summary>
public sealed class SecondReaderTests : IDisposable
{
    private static readonly SiteKey Key = new(new byte[SiteKey.Bytes]);
    private static readonly byte[] Film = DicomBytes.Film([1, 2, 3, 4000]);
    private static readonly byte[] Broken = HeaderBytes.HipFilm().ToArray()[..400];
    private readonly TemporaryFolder _folder = new();
    private int _asked;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_asked_for_malformed_files_and_for_nothing_else()
    {
        Assert.Null(Replace(Film));
        Assert.Null(Replace("not a film"u8));
        Assert.Null(Replace(HeaderBytes.HipFilm().ToArray().AsSpan()[..^20])); // truncated pixel data stays truncated
        Assert.Equal(0, _asked);
        Assert.Same(Film, Replace(Broken));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void As_the_first_reader_it_is_asked_for_every_dicom_file()
    {
        Assert.Same(Film, Replace(HeaderBytes.HipFilm().ToArray(), isFirst: true));
        Assert.Null(Replace("not a film"u8, isFirst: true));
    }

    [Fact]
    public void What_ours_cannot_read_of_what_it_wrote_is_not_used() => Assert.Null(Replace(Broken, result: Broken));

    [Fact]
    public async Task A_file_that_only_the_second_reader_reads_is_indexed_and_the_run_remembers_who_read_it()
    {
        Directory.CreateDirectory(_folder["archive"]);
        await File.WriteAllBytesAsync(_folder["archive", "broken"], Broken, TestContext.Current.CancellationToken);
        var (alone, first) = await Index("alone", null);
        Assert.Equal((Reason.MalformedDataSet, "ours"), (first.Reason, alone.Manifest.DicomReader));

        var (second, film) = await Index("second", Reader(false, HeaderBytes.HipFilm().ToArray()));
        Assert.Equal((Reason.None, "HIP", "ours, fo-dicom"), (film.Reason, film.Facts.BodyPart, second.Manifest.DicomReader));
        Assert.Equal(film.FilmKey.Length, first.FilmKey.Length);
        second.RequireReader("ours, fo-dicom");
        Assert.Contains("another DICOM reader", Assert.Throws<RunFolderException>(() => second.RequireReader(SecondReader.InRun(null))).Message, StringComparison.Ordinal);

        var (_, unread) = await Index("unread", new("fo-dicom", false, _ => null));
        Assert.Equal((Reason.MalformedDataSet, first.Detail, first.FileOffset), (unread.Reason, unread.Detail, unread.FileOffset));
    }

    [Fact]
    public void An_inspected_film_says_who_read_it()
    {
        File.WriteAllBytes(_folder["broken"], Broken);
        var geometry = new InputGeometry(1, 32, 32, [0], [1]);
        Assert.Equal(("malformed_data_set", null), (FilmInspection.Of(_folder["broken"], geometry, null).Reason, FilmInspection.Of(_folder["broken"], geometry, null).Sha256));
        Assert.Null(FilmInspection.Of(_folder["broken"], geometry, null).ReadBy);
        var read = FilmInspection.Of(_folder["broken"], geometry, null, second: Reader(false, Film));
        Assert.Equal(("native", "fo-dicom", 4000), (read.Decoder, read.ReadBy, read.Max));
    }

    private byte[]? Replace(ReadOnlySpan<byte> file, bool isFirst = false, byte[]? result = null) =>
        Reader(isFirst, result ?? Film).Replace(file, new());

    private SecondReader Reader(bool isFirst, byte[] result) => new("fo-dicom", isFirst, _ =>
    {
        _asked++;
        return result;
    });

    private async Task<(RunFolder, InventoryFilm)> Index(string name, SecondReader? second)
    {
        var run = RunFolder.Create(_folder[name], new() { ProductVersion = "0", ArchiveRoot = _folder["archive"], ChunkFilms = 4, SiteKeyId = Key.Id });
        await Indexer.RunAsync(run, Key, 1, null, TestContext.Current.CancellationToken, second);
        using var inventory = new InventoryReader(run.InventoryPath);
        return (run, Assert.Single(inventory.ReadChunk(0)));
    }
}
