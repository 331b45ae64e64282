using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;
using static BulkImplantScan.Tests.Archive.Containers.Boxes;

namespace BulkImplantScan.Tests.Archive.Containers;

public sealed class ContainerIndexTests : IDisposable
{
    private static readonly SiteKey Key = new(new byte[SiteKey.Bytes]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_film_has_the_same_facts_wherever_it_lies()
    {
        var film = HeaderBytes.HipFilm().With(0x00280008, "IS", "2").ToArray();
        Put("1", film);
        Put("2.zip", Zip(("a/film", film)));
        Put("3.tar", Tar(("a/film", film)));
        Put("4.tar.gz", Gzip(Tar(("a/film", film))));
        Put("5.tar.zst", Zstandard(Tar(("a/film", film))));
        Put("6.dcm.gz", Gzip(film));
        Put("7.zip", Zip(("inner.tar.gz", Gzip(Tar(("a/film", film)))), ("inner.stored.zip", Zip(("a/film", film)))));
        Put("8.tar.gz", Gzip(Tar(("inner.zip", Zip(("a/film", film))), ("inner.dcm.gz", Gzip(film)))));
        var films = await Index();
        Assert.Equal(
        [
            "1", "2.zip!a/film", "3.tar!a/film", "4.tar.gz!a/film", "5.tar.zst!a/film", "6.dcm.gz!6.dcm", "7.zip!inner.tar.gz!a/film",
            "7.zip!inner.stored.zip!a/film", "8.tar.gz!inner.zip!a/film", "8.tar.gz!inner.dcm.gz!inner.dcm",
        ], films.Where(row => row.Frame == 1).Select(Place));
        Assert.All(films, row =>
        {
            Assert.Equal((Reason.None, film.Length, films[row.Frame - 1].Facts), (row.Reason, (int)row.FileBytes, row.Facts));
            Assert.Equal(2, row.Frames);
        });
        Assert.Equal(films.Length, films.Select(row => row.FilmKey).Distinct().Count());
    }

    [Fact]
    public async Task Every_member_has_a_row_whatever_it_is_and_a_container_that_was_read_has_none()
    {
        Put("a.zip", Zip(("folder/", []), ("empty", []), ("film", HeaderBytes.HipFilm().ToArray()), ("picture", [0xFF, 0xD8, 0xFF, 0xE0]), ("text", Text("text"))));
        Put("b.zip", Zip());
        Put("c.tar", new byte[1024]);
        Assert.Equal(
        [
            "a.zip!empty EmptyFile ", "a.zip!film None ", "a.zip!picture NotDicom jpeg", "a.zip!text NotDicom ", "b.zip EmptyFile ", "c.tar NotDicom ",
        ], await Rows());
    }

    [Fact]
    public async Task A_container_that_breaks_off_gives_what_was_read_and_one_row_of_its_own()
    {
        var film = HeaderBytes.HipFilm().With(0x7FE00010, "OW", Noise(1)).ToArray();
        var second = HeaderBytes.HipFilm().With(0x7FE00010, "OW", Noise(2)).ToArray();
        var third = HeaderBytes.HipFilm().With(0x7FE00010, "OW", Noise(3)).ToArray();
        var tar = Tar(("1", film), ("2", second), ("3", third));
        var gzip = Gzip(tar);
        var zip = Zip(("1", film), ("2.stored", second), ("3", third));
        Put("a.tar", tar[..(tar.Length / 2)]);
        Put("b.tar.gz", gzip[..(gzip.Length / 2)]);
        Put("c.tar.zst", Zstandard(tar)[..^10]);
        Put("d.zip", zip[..(zip.Length / 2)]);
        Put("e.tar", tar[..^1024]);
        Put("f.dcm.gz", Gzip(film)[..^9]);
        gzip[^6] ^= 1;
        Put("g.tar.gz", gzip);
        Assert.Equal(
        [
            "a.tar!1 None ", "a.tar!2 DamagedArchive truncated", "a.tar DamagedArchive truncated",
            "b.tar.gz!1 None ", "b.tar.gz!2 DamagedArchive truncated", "b.tar.gz DamagedArchive truncated",
            "c.tar.zst!1 None ", "c.tar.zst!2 None ", "c.tar.zst!3 DamagedArchive truncated", "c.tar.zst DamagedArchive truncated",
            "d.zip!1 None ", "d.zip!2.stored DamagedArchive truncated", "d.zip DamagedArchive truncated",
            "e.tar!1 None ", "e.tar!2 None ", "e.tar!3 None ", "e.tar DamagedArchive truncated",
            "f.dcm.gz!f.dcm DamagedArchive truncated", "f.dcm.gz DamagedArchive truncated",
            "g.tar.gz!1 None ", "g.tar.gz!2 None ", "g.tar.gz!3 None ", "g.tar.gz DamagedArchive crc",
        ], (await Rows()).Select(row => row.Replace("corrupt", "truncated", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_container_that_has_the_letters_of_DICOM_where_DICOM_has_them_is_a_container()
    {
        // Found by a test that failed at some times of the day: zstd keeps short texts as they are.
        var film = HeaderBytes.HipFilm().ToArray();
        Put("a.gz", [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3, .. Text(new string('n', 118)), .. "DICM"u8, 2, 0, .. Gzip(film)[10..]]);
        Put("b.zip", StoredZip((Text(new string('n', 98) + "DICM\u0002"), film)));
        var films = await Index();
        Assert.Equal([Reason.None, Reason.None], films.Select(row => row.Reason));
        Assert.All(films, row => Assert.NotNull(row.Member));
    }

    [Fact]
    public async Task Containers_are_opened_once_in_a_container_and_not_deeper()
    {
        var film = HeaderBytes.HipFilm().ToArray();
        Put("a.zip", Zip(("b.zip", Zip(("c.zip", Zip(("film", film))), ("film", film), ("d.tar.gz", Gzip(Tar(("film", film))))))));
        Assert.Equal(["a.zip!b.zip!c.zip Limits nesting", "a.zip!b.zip!film None ", "a.zip!b.zip!d.tar.gz Limits nesting"], await Rows());
    }

    [Fact]
    public async Task Names_are_kept_as_they_are_and_lead_nowhere()
    {
        var film = HeaderBytes.HipFilm().ToArray();
        string[] names = ["../../../etc/passwd", "/etc/passwd", "C:\\autoexec.bat", "..", "a", "a", "A", "x!/y", "nul\0l", "\u00ff\u00fe", new string('n', 60_000)];
        Put("a.zip", StoredZip(names.Select(name => (Text(name), film)).ToArray()));
        var before = Directory.GetFileSystemEntries(Path.GetTempPath(), "*passwd*", SearchOption.TopDirectoryOnly);
        var films = await Index();
        Assert.Equal(names, films.Select(row => Encoding.Latin1.GetString(row.Member!.Name)));
        Assert.All(films, row => Assert.Equal(Reason.None, row.Reason));
        Assert.Equal(names.Length, films.Select(row => row.FilmKey).Distinct().Count());
        Assert.Equal(before, Directory.GetFileSystemEntries(Path.GetTempPath(), "*passwd*", SearchOption.TopDirectoryOnly));
        Assert.Equal(["a.zip"], Directory.GetFileSystemEntries(_folder["archive"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_key_stays_when_others_are_added_and_that_of_a_plain_file_is_as_it_ever_was()
    {
        var film = HeaderBytes.HipFilm().ToArray();
        Put("plain", film);
        Put("a.zip", Zip(("film", film)));
        var before = await Index();
        Put("a.zip", Zip(("before", film), ("film", film)));
        var after = await Index();
        Assert.Equal(before.Single(row => Place(row) == "a.zip!film").FilmKey, after.Single(row => Place(row) == "a.zip!film").FilmKey);
        Assert.Equal(new Pseudonyms(Key).Film("1.2.3.4", 1, "plain"u8), after.Single(row => Place(row) == "plain").FilmKey);
    }

    [Fact]
    public async Task A_container_of_many_members_is_indexed_in_order_whatever_the_workers()
    {
        var film = HeaderBytes.HipFilm().ToArray();
        Put("a.tar", Tar(Enumerable.Range(0, 5000).Select(i => ($"{i}", i % 9 == 0 ? film : Text("text"))).ToArray()));
        for (var i = 0; i < 300; i++) Put($"b{i:D3}", film);
        Put("c.zip", Zip(Enumerable.Range(0, 3000).Select(i => ($"{i}", Text("text"))).ToArray()));
        var one = await Index(workers: 1);
        Assert.Equal(8300, one.Length);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"a.tar!{i}"), one[..5000].Select(Place));
        var bytes = await File.ReadAllBytesAsync(_folder["run", "inventory.parquet"], TestContext.Current.CancellationToken);
        await Index(workers: 6);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder["run", "inventory.parquet"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Several_archives_are_one_inventory_folders_and_files_alike()
    {
        var film = HeaderBytes.HipFilm().ToArray();
        foreach (var name in new[] { "one/film", "two/film", "three.dcm" }) Put(name, film);
        Put("four.zip", Zip(("film", film)));
        var films = await Index(roots: [_folder["archive", "one"], _folder["archive", "two"], _folder["archive", "three.dcm"], _folder["archive", "four.zip"]]);
        Assert.Equal(["0 film", "1 film", "2 three.dcm", "3 four.zip!film"], films.Select(row => $"{row.Root} {Place(row)}"));
        Assert.Equal(4, films.Select(row => row.FilmKey).Distinct().Count());
        Assert.Equal(new Pseudonyms(Key).Film("1.2.3.4", 1, "film"u8), films[0].FilmKey);
    }

    [Fact]
    public async Task Archives_that_overlap_or_are_missing_are_refused_with_a_sentence()
    {
        Put("one/two/film", HeaderBytes.HipFilm().ToArray());
        Put("one/box.zip", Zip());
        LinuxTree.Make(_folder["archive"], "ln -s one/two link; mkdir onetwo; touch onetwo/x");
        var one = _folder["archive", "one"];
        Assert.Contains("lies in", await Refusal(one, _folder["archive", "one", "two"]), StringComparison.Ordinal);
        Assert.Contains("lies in", await Refusal(_folder["archive", "link"], one), StringComparison.Ordinal);
        Assert.Contains("lies in", await Refusal(one, _folder["archive", "one", "box.zip"]), StringComparison.Ordinal);
        Assert.Contains("twice", await Refusal(one, one), StringComparison.Ordinal);
        Put("notes.txt", Text("notes"));
        Put("nothing", []);
        Assert.Contains("neither DICOM nor", await Refusal(_folder["archive", "notes.txt"]), StringComparison.Ordinal);
        Assert.Contains("neither DICOM nor", await Refusal(_folder["archive", "nothing"]), StringComparison.Ordinal);
        Assert.Contains("no folder", await Refusal(_folder["archive", "gone"]), StringComparison.Ordinal);
        Assert.Contains("not there", await Refusal(one, _folder["archive", "gone"]), StringComparison.Ordinal);
        Assert.Equal(3, (await Index(roots: [one, _folder["archive", "onetwo"]])).Length);
    }

    [Fact]
    public async Task A_run_of_the_first_format_is_read_and_one_of_a_later_is_refused()
    {
        Put("film", HeaderBytes.HipFilm().ToArray());
        await Index();
        var manifest = _folder["run", "run.json"];
        var text = await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken);
        Assert.Contains("\"format\": 2", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(manifest, text.Replace("\"format\": 2", "\"format\": 1", StringComparison.Ordinal).Replace("\"more_roots\": [],", "", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal([_folder["archive"]], RunFolder.Open(_folder["run"]).Manifest.Roots);
    }

    private static byte[] Noise(int seed)
    {
        var noise = new byte[60_000];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    private static string Place(InventoryFilm film) => string.Join('!', new[]
    {
        Encoding.Latin1.GetString(film.Path), film.Member is null ? null : Encoding.Latin1.GetString(film.Member.Name),
        film.Nested is null ? null : Encoding.Latin1.GetString(film.Nested.Name),
    }.OfType<string>());

    private async Task<string> Refusal(params string[] roots) =>
        (await Assert.ThrowsAsync<ArchiveException>(() => Index(roots: roots))).Message;

    private async Task<IEnumerable<string>> Rows() => (await Index()).Select(row => $"{Place(row)} {row.Reason} {row.Detail}");

    private async Task<InventoryFilm[]> Index(int workers = 2, string[]? roots = null)
    {
        roots ??= [_folder["archive"]];
        if (Directory.Exists(_folder["run"])) Directory.Delete(_folder["run"], recursive: true);
        var run = RunFolder.Create(_folder["run"], new()
        {
            ProductVersion = "1.0.0", ArchiveRoot = roots[0], MoreRoots = roots[1..], ChunkFilms = 64, SiteKeyId = Key.Id,
        });
        await Indexer.RunAsync(run, Key, workers, null, TestContext.Current.CancellationToken);
        using var reader = new InventoryReader(_folder["run", "inventory.parquet"]);
        return reader.Chunks.SelectMany(chunk => reader.ReadChunk(chunk.Number)).ToArray();
    }

    private void Put(string file, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder["archive", file])!);
        File.WriteAllBytes(_folder["archive", file], content);
    }
}
