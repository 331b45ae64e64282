using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Pictures;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Archive;

public sealed class PictureIndexerTests : IDisposable
{
    private static readonly SiteKey Key = new(new byte[SiteKey.Bytes]);
    private readonly TemporaryFolder _folder = new();

    public PictureIndexerTests()
    {
        Put("dicom", HeaderBytes.HipFilm().ToArray());
        Put("film.png", TestPng.Grey16(300, 256, new ushort[300 * 256]));
        Put("icon.png", TestPng.Grey16(255, 300, new ushort[255 * 300]));
        Put("broken.png", TestPng.Write(0, 5, 8, 0, []));
        Put("pages.tif", PictureCase.Of("tiff-page-1").File);
        Put("letter.pdf", "%PDF-1.4"u8.ToArray());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_word_pictures_are_no_films() => Assert.Equal(
        ["broken.png NotDicom png", "dicom None ", "film.png NotDicom png", "icon.png NotDicom png", "letter.pdf NotDicom pdf", "pages.tif NotDicom tiff"],
        Lines(await Index(PictureOptions.Off)));

    [Fact]
    public async Task All_pictures_of_the_size_of_a_film_are_films_when_asked_for()
    {
        var films = await Index(new(PicturePolicy.All, null));
        Assert.Equal(
        [
            "broken.png MalformedDataSet IHDR", "dicom None ", "film.png None ", "icon.png NotARadiograph small", "letter.pdf NotDicom pdf",
            "pages.tif NotARadiograph small", "pages.tif NotARadiograph small", "pages.tif NotARadiograph small",
        ], Lines(films));
        Assert.Equal(new FilmFacts { Photometric = "MONOCHROME2", Rows = 256, Columns = 300, BitsStored = 16 }, films[2].Facts);
        Assert.Equal([1, 2, 3], films[5..].Select(film => film.Frame));
        Assert.Equal(films.Length, films.Select(film => film.FilmKey).Distinct().Count());
    }

    [Fact]
    public async Task A_sidecar_says_which_pictures_are_films_and_whose_they_are()
    {
        var films = await Index(Listed(
            "file,patient,study_date,side,body_part\nfilm.png,SECRET-4711,2020-02-29,R,\npages.tif,9,2020-03-01,,CHEST\nicon.png,8,,,\n"));
        Assert.Equal(
        [
            "broken.png NotDicom png", "dicom None ", "film.png None ", "icon.png None ", "letter.pdf NotDicom pdf",
            "pages.tif WrongBodyPart CHEST", "pages.tif WrongBodyPart CHEST", "pages.tif WrongBodyPart CHEST",
        ], Lines(films));
        var (dicom, picture) = (films[1].Facts, films[2].Facts);
        Assert.Equal(dicom.Patient, picture.Patient); // the patient of the DICOM film beside it
        Assert.Equal((new DateOnly(2020, 2, 29), "R", null), (picture.StudyDate, picture.Side, picture.Instance));
        Assert.DoesNotContain("SECRET", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_folder["run", "inventory.parquet"], TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listed_film_that_is_not_there_is_a_lost_film_with_a_row()
    {
        var (films, count) = await IndexAndCount(Listed("file,patient\ngone/b.png,1\nfilm.png,2\ndicom,3\ngone/a.png,4\n"));
        Assert.Equal(["gone/b.png MissingFile sidecar", "gone/a.png MissingFile sidecar"], Lines(films)[^2..]);
        Assert.Equal(new Pseudonyms(Key).Patient(null, "4"), films[^1].Facts.Patient);
        Assert.Equal((2, 1, films.Length, 6), (count.MissingListed, count.UnusedListed, (int)count.Films, (int)count.Files)); // the DICOM file has a header of its own
        Assert.Equal(Enumerable.Range(0, films.Length).Select(i => (long)i), films.Select(film => film.FilmIndex));
    }

    [Fact]
    public async Task A_sidecar_speaks_of_one_archive_and_is_refused_for_several()
    {
        Directory.CreateDirectory(_folder["other"]);
        File.WriteAllBytes(_folder["other", "film.png"], TestPng.Grey16(300, 256, new ushort[300 * 256]));
        var run = RunFolder.Create(_folder["run"], Manifest() with { MoreRoots = [_folder["other"]] });
        var refused = await Assert.ThrowsAsync<ArchiveException>(() =>
            Indexer.RunAsync(run, Key, Listed("file,patient\nfilm.png,1\n"), 1, null, TestContext.Current.CancellationToken));
        Assert.Contains("one archive", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listed_picture_of_too_many_pages_is_too_large_and_was_listed_rightly()
    {
        Put("many.tif", TiffOfPages(FileIndexer.MaximumFrames + 1));
        var (films, count) = await IndexAndCount(Listed("file,patient\nmany.tif,1\n"));
        Assert.Contains("many.tif TooLarge NumberOfFrames", Lines(films));
        Assert.Equal(0, count.UnusedListed);
    }

    [Fact]
    public void A_run_belongs_to_one_sidecar_and_to_one_choice_of_pictures()
    {
        RunFolder.Create(_folder["run"], Manifest() with { Pictures = "listed", SidecarSha256 = new string('a', 64) });
        Assert.Contains("another sidecar", Assert.Throws<RunFolderException>(() =>
            RunFolder.Create(_folder["run"], Manifest() with { Pictures = "listed", SidecarSha256 = new string('b', 64) })).Message, StringComparison.Ordinal);
        Assert.Contains("another choice of pictures", Assert.Throws<RunFolderException>(() => RunFolder.Create(_folder["run"], Manifest())).Message, StringComparison.Ordinal);

        // Once there is an inventory, a command that says nothing of pictures continues the run.
        var run = RunFolder.Open(_folder["run"]);
        File.WriteAllBytes(run.InventoryPath, []);
        run.Save(run.Manifest with { Films = 1 });
        Assert.Equal("listed", RunFolder.Create(_folder["run"], Manifest()).Manifest.Pictures);
    }

    /// <summary>Pages of one pixel, each with nothing but its directory.</summary>
    private static byte[] TiffOfPages(int pages)
    {
        (ushort Tag, ushort Value)[] entries = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, 1), (279, 1)];
        using var tiff = new MemoryStream();
        using var writer = new BinaryWriter(tiff);
        writer.Write("II*\0"u8);
        writer.Write(8);
        for (var page = 0; page < pages; page++)
        {
            writer.Write((ushort)entries.Length);
            foreach (var (tag, value) in entries)
            {
                writer.Write(tag);
                writer.Write((ushort)3); // SHORT
                writer.Write(1);
                writer.Write((int)value);
            }

            writer.Write(page == pages - 1 ? 0 : (int)tiff.Position + 4);
        }

        return tiff.ToArray();
    }

    private static string[] Lines(InventoryFilm[] films) =>
        [.. films.Select(film => $"{Encoding.UTF8.GetString(film.Path)} {film.Reason} {film.Detail}")];

    private PictureOptions Listed(string csv)
    {
        File.WriteAllText(_folder["sidecar.csv"], csv);
        return new(PicturePolicy.Listed, Sidecar.Read(_folder["sidecar.csv"], Key));
    }

    private async Task<InventoryFilm[]> Index(PictureOptions pictures) => (await IndexAndCount(pictures)).Films;

    private async Task<(InventoryFilm[] Films, IndexProgress Count)> IndexAndCount(PictureOptions pictures)
    {
        var count = await Indexer.RunAsync(RunFolder.Create(_folder["run"], Manifest()), Key, pictures, 3, null, TestContext.Current.CancellationToken);
        using var reader = new InventoryReader(_folder["run", "inventory.parquet"]);
        return ([.. reader.Chunks.SelectMany(chunk => reader.ReadChunk(chunk.Number))], count);
    }

    private RunManifest Manifest() => new() { ProductVersion = "1", ArchiveRoot = _folder["archive"], ChunkFilms = 4, SiteKeyId = Key.Id };

    private void Put(string file, byte[] content)
    {
        Directory.CreateDirectory(_folder["archive"]);
        File.WriteAllBytes(_folder["archive", file], content);
    }
}
