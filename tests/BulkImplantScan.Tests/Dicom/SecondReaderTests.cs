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
    private const string Unknown = "1.2.840.10008.1.2.4.999";
    private static readonly SiteKey Key = new(new byte[SiteKey.Bytes]);
    private static readonly byte[] Film = DicomBytes.Film([1, 2, 3, 4000]);
    private static readonly byte[] Broken = HeaderBytes.HipFilm().ToArray()[..400];
    private readonly TemporaryFolder _folder = new();
    private readonly PixelBufferPool _pool = new();
    private int _asked;

    public void Dispose()
    {
        _pool.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_is_asked_for_malformed_files_and_unknown_transfer_syntaxes_and_for_nothing_else()
    {
        Assert.Null(Replace(Film));
        Assert.Null(Replace("not a film"u8));
        Assert.Null(Replace(HeaderBytes.HipFilm().ToArray().AsSpan()[..^20])); // truncated pixel data stays truncated
        Assert.Equal(0, _asked);
        Assert.Same(Film, Replace(Broken)!.Bytes);
        Assert.Same(Film, Replace(WithSyntax(Unknown))!.Bytes);
        Assert.Null(Replace(WithSyntax(Unknown), isDecoded: false)); // not decoded: as undecodable as before
        Assert.Equal(3, _asked);
    }

    [Fact]
    public void As_the_first_reader_it_is_asked_for_every_dicom_file()
    {
        Assert.Same(Film, Replace(HeaderBytes.HipFilm().ToArray(), isFirst: true)!.Bytes);
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

        var (second, film) = await Index("second", Reader(false, true, HeaderBytes.HipFilm().ToArray()));
        Assert.Equal((Reason.None, "HIP", "ours, fo-dicom"), (film.Reason, film.Facts.BodyPart, second.Manifest.DicomReader));
        Assert.Equal(film.FilmKey.Length, first.FilmKey.Length);
        second.RequireReader("ours, fo-dicom");
        Assert.Contains("another DICOM reader", Assert.Throws<RunFolderException>(() => second.RequireReader(SecondReader.InRun(null))).Message, StringComparison.Ordinal);

        var (_, unread) = await Index("unread", new("fo-dicom", false, (_, _) => null));
        Assert.Equal((Reason.MalformedDataSet, first.Detail, first.FileOffset), (unread.Reason, unread.Detail, unread.FileOffset));
    }

    [Fact]
    public void An_inspected_film_says_who_read_it()
    {
        File.WriteAllBytes(_folder["broken"], Broken);
        var geometry = new InputGeometry(1, 32, 32, [0], [1]);
        Assert.Equal(("malformed_data_set", null), (FilmInspection.Of(_folder["broken"], geometry, null).Reason, FilmInspection.Of(_folder["broken"], geometry, null).Sha256));
        var decoded = FilmInspection.Of(_folder["broken"], geometry, null, second: Reader(false, true, Film));
        Assert.Equal(("fo-dicom", Unknown, 4000), (decoded.Decoder, decoded.TransferSyntax, decoded.Max));
        Assert.Equal("fo-dicom, native", FilmInspection.Of(_folder["broken"], geometry, null, second: Reader(false, false, Film)).Decoder);
    }

    private RewrittenFile? Replace(ReadOnlySpan<byte> file, bool isFirst = false, bool isDecoded = true, byte[]? result = null) =>
        Reader(isFirst, isDecoded, result ?? Film).Replace(file, new(), _pool);

    private SecondReader Reader(bool isFirst, bool isDecoded, byte[] result) => new("fo-dicom", isFirst, (_, _) =>
    {
        _asked++;
        return new(result, isDecoded, Unknown);
    });

    private async Task<(RunFolder, InventoryFilm)> Index(string name, SecondReader? second)
    {
        var run = RunFolder.Create(_folder[name], new() { ProductVersion = "0", ArchiveRoot = _folder["archive"], ChunkFilms = 4, SiteKeyId = Key.Id });
        await Indexer.RunAsync(run, Key, 1, null, TestContext.Current.CancellationToken, second);
        using var inventory = new InventoryReader(run.InventoryPath);
        return (run, Assert.Single(inventory.ReadChunk(0)));
    }

    private static byte[] WithSyntax(string uid) => DicomBytes.File(uid).ImagePixel(1, 4, 16, 12)
        .Element(DicomBytes.PixelData, "OB", [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0], uint.MaxValue).ToArray();
}
