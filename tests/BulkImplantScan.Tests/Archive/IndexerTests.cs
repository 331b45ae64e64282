using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Archive;

public sealed class IndexerTests : IDisposable
{
    private static readonly SiteKey Key = new(new byte[SiteKey.Bytes]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hip_film_is_to_be_scanned_and_its_row_names_nobody()
    {
        Put("a/film", HeaderBytes.HipFilm().ToArray());
        var film = Assert.Single(await Index());
        Assert.Equal(new FilmFacts
        {
            Patient = new Pseudonyms(Key).Patient(null, "SECRET-4711"),
            Study = new Pseudonyms(Key).Study("1.2.3"),
            Instance = new Pseudonyms(Key).Instance("1.2.3.4", 1),
            Site = new Pseudonyms(Key).Site("General Hospital"),
            StudyDate = new(2019, 3, 14),
            Side = "L",
            View = "AP",
            AgeBand = "80-89",
            Sex = "F",
            Modality = "DX",
            BodyPart = "HIP",
            MachineMaker = "Fuji Photo Film Co. Ltd.",
            MachineModel = "5000",
            SopClass = "1.2.840.10008.5.1.4.1.1.1.1",
            TransferSyntax = "1.2.840.10008.1.2.1",
            Photometric = "MONOCHROME2",
            Rows = 4,
            Columns = 6,
            BitsStored = 12,
            KvBand = "70-79",
            MasBand = "5-9", // of the µAs, which are finer
        }, film.Facts);
        Assert.Equal((Reason.None, null, 1, 1), (film.Reason, film.Detail, film.Frame, film.Frames));
        Assert.Equal("a/film", Encoding.UTF8.GetString(film.Path));
        Assert.DoesNotContain("SECRET", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_folder["run", "inventory.parquet"], TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_has_a_row_whatever_it_is()
    {
        Put("empty", []);
        Put("text", "not a film"u8.ToArray());
        Put("export.dcm", [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[400]]);
        Put("report", HeaderBytes.HipFilm().With(0x00080060, "CS", "SR").Without(0x7FE00010).ToArray());
        Put("ct", HeaderBytes.HipFilm().With(0x00080060, "CS", "CT").ToArray());
        Put("raw", HeaderBytes.HipFilm().With(0x00080068, "CS", "FOR PROCESSING").ToArray());
        Put("chest", HeaderBytes.HipFilm().With(0x00180015, "CS", "CHEST").ToArray());
        Put("colour", HeaderBytes.HipFilm().With(0x00280002, 3).With(0x00280004, "CS", "RGB").ToArray());
        Put("cut", HeaderBytes.HipFilm().ToArray()[..400]);
        Put("loop", HeaderBytes.HipFilm().With(0x00280008, "IS", "200000").ToArray());
        Put("frames", HeaderBytes.HipFilm().With(0x00280008, "IS", "two").ToArray());
        Put("film", HeaderBytes.HipFilm().ToArray());
        LinuxTree.Make(_folder["archive"], "mkfifo pipe; ln -s nowhere link");

        var films = await Index();
        Assert.Equal(
        [
            "chest WrongBodyPart CHEST", "colour None ", "ct NotARadiograph CT", "cut MalformedDataSet ends inside an element",
            "empty EmptyFile ", "export.dcm NotDicom jpeg", "film None ", "frames MissingAttribute NumberOfFrames",
            "link UnreadableFile ENOENT", "loop TooLarge NumberOfFrames", "pipe NotDicom fifo", "raw ForProcessing ",
            "report NoPixelData SR", "text NotDicom ",
        ], films.Select(film => $"{Encoding.UTF8.GetString(film.Path)} {film.Reason} {(film.Reason == Reason.MalformedDataSet ? "ends inside an element" : film.Detail)}"));
        Assert.InRange(films[3].FileOffset!.Value, 300, 400);
        Assert.Equal(200_000, films[9].Frames);
        Assert.Equal(films.Length, films.Select(film => film.FilmKey).Distinct().Count());
    }

    [Fact]
    public async Task Each_frame_has_a_row_and_copies_share_an_instance_but_no_key()
    {
        var film = HeaderBytes.HipFilm().With(0x00280008, "IS", "3").ToArray();
        Put("a", film);
        Put("b", film);
        var films = await Index();
        Assert.Equal([1, 2, 3, 1, 2, 3], films.Select(row => row.Frame));
        Assert.Equal(films[..3].Select(row => row.Facts.Instance), films[3..].Select(row => row.Facts.Instance));
        Assert.Equal(3, films.Select(row => row.Facts.Instance).Distinct().Count());
        Assert.Equal(6, films.Select(row => row.FilmKey).Distinct().Count());
    }

    [Fact]
    public async Task A_header_longer_than_the_first_read_is_read_to_its_end()
    {
        Put("film", HeaderBytes.HipFilm().With(0x00091010, "UN", new byte[3_000_000]).ToArray());
        var film = Assert.Single(await Index());
        Assert.Equal((Reason.None, 4), (film.Reason, film.Facts.Rows));
    }

    [Fact]
    public async Task The_inventory_does_not_depend_on_workers_and_the_archive_is_read_only()
    {
        for (var i = 0; i < 500; i++) Put($"{i % 7}/{i}", i % 5 == 0 ? [1, 2, 3] : HeaderBytes.HipFilm($"1.2.{i}").ToArray());
        await Index(workers: 1, chunkFilms: 64);
        var first = await File.ReadAllBytesAsync(_folder["run", "inventory.parquet"], TestContext.Current.CancellationToken);
        await Index(workers: 5, chunkFilms: 64);
        Assert.Equal(first, await File.ReadAllBytesAsync(_folder["run", "inventory.parquet"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_counts_add_up_and_are_kept_in_the_run()
    {
        Put("a", HeaderBytes.HipFilm().With(0x00280008, "IS", "3").ToArray());
        Put("b", [1]);
        var reported = new List<IndexProgress>();
        var run = Run();
        var count = await Indexer.RunAsync(run, Key, 2, new Reporter(reported), TestContext.Current.CancellationToken);
        Assert.Equal(count, reported[^1]);
        Assert.Equal((2L, 4L, 3L), (count.Files, count.Films, count.ToScan));
        Assert.Equal(new FileInfo(_folder["archive", "a"]).Length + 1, count.Bytes);
        var opened = RunFolder.Open(_folder["run"]);
        Assert.Equal((4L, 2L, true), (opened.Manifest.Films, opened.Manifest.Files, opened.HasInventory));
    }

    [Fact]
    public async Task A_cancelled_index_leaves_no_inventory_and_can_be_begun_again()
    {
        for (var i = 0; i < 2000; i++) Put($"{i}", [1]);
        using var stop = new CancellationTokenSource();
        var run = Run();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Indexer.RunAsync(run, Key, 2, new Cancelling(stop), stop.Token));
        Assert.Equal(["run.json", "triage.json"], Directory.EnumerateFileSystemEntries(_folder["run"]).Select(Path.GetFileName).Order());
        Assert.False(RunFolder.Open(_folder["run"]).HasInventory);
        Assert.Equal(2000, (await Index()).Length);
    }

    [Fact]
    public async Task Text_in_two_encodings_is_one_place_and_a_row_keeps_the_body_part_in_ascii()
    {
        Put("latin", HeaderBytes.HipFilm("1.1").With(0x00080005, "CS", "ISO_IR 100").With(0x00080080, "LO", "Universitätsklinik").With(0x00180015, "CS", "Hüfte").ToArray());
        Put("utf8", HeaderBytes.HipFilm("1.2").With(0x00080005, "CS", "ISO_IR 192").With(0x00080080, "LO", "Universitätsklinik"u8.ToArray()).With(0x00180015, "CS", "Hüfte"u8.ToArray()).ToArray());
        Put("silent", HeaderBytes.HipFilm("1.3").With(0x00080080, "LO", "Universitätsklinik").With(0x00180015, "CS", "HÜFTE").ToArray());
        Put("kanji", HeaderBytes.HipFilm("1.4").With(0x00080005, "CS", "ISO_IR 192").With(0x00180015, "CS", "股関節"u8.ToArray()).ToArray());
        var films = (await Index()).ToDictionary(film => Encoding.UTF8.GetString(film.Path), film => film.Facts);
        foreach (var name in (string[])["latin", "utf8", "silent"])
            Assert.Equal((new Pseudonyms(Key).Site("Universitätsklinik"), "HUEFTE"), (films[name].Site, films[name].BodyPart));
        Assert.Null(films["kanji"].BodyPart);
    }

    [Fact]
    public async Task The_runs_triage_decides_and_is_kept_with_the_run()
    {
        Put("film", HeaderBytes.HipFilm().With(0x00185101, "CS", "LL").ToArray());
        Assert.Equal(Reason.WrongView, Assert.Single(await Index()).Reason);
        var run = RunFolder.Open(_folder["run"]);
        Assert.Equal(Triage.Default.Sha256, run.Manifest.TriageSha256);
        Assert.Equal(Triage.Default.Json.ToArray(), await File.ReadAllBytesAsync(run.TriagePath, TestContext.Current.CancellationToken));

        Directory.Delete(_folder["run"], recursive: true);
        await File.WriteAllTextAsync(_folder["mine.json"], Encoding.UTF8.GetString(Triage.Default.Json.Span).Replace("\"LL\", ", "", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        run = Run();
        Triage.Load(_folder["mine.json"]).KeepIn(run);
        await Indexer.RunAsync(run, Key, 1, null, TestContext.Current.CancellationToken);
        using var inventory = new InventoryReader(run.InventoryPath);
        Assert.Equal(Reason.None, Assert.Single(inventory.ReadChunk(0)).Reason);
    }

    [Fact]
    public async Task An_archive_without_a_file_is_refused_with_a_sentence()
    {
        Directory.CreateDirectory(_folder["archive", "empty"]);
        var refused = await Assert.ThrowsAsync<ArchiveException>(() => Index());
        Assert.Contains("no file", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public async Task A_mistyped_archive_leaves_an_indexed_run_as_it_is_and_no_new_one()
    {
        Put("a", [1]);
        await Index();
        Directory.Move(_folder["archive"], _folder["moved"]);
        await Assert.ThrowsAsync<ArchiveException>(() => Indexer.RunAsync(Run(), Key, 1, null, TestContext.Current.CancellationToken));
        Assert.True(RunFolder.Open(_folder["run"]).HasInventory);

        await Assert.ThrowsAsync<ArchiveException>(() => Index());
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public async Task Another_key_cannot_index_into_a_run()
    {
        Put("a", [1]);
        var other = new SiteKey([.. Enumerable.Repeat((byte)1, SiteKey.Bytes)]);
        await Assert.ThrowsAsync<RunFolderException>(() => Indexer.RunAsync(Run(), other, 1, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_real_films_are_sorted_as_their_headers_say()
    {
        var films = await Index(root: SharedFolder.Require("data", "dicom"));
        Assert.Equal(27, films.Count(film => film.Reason == Reason.MissingFile)); // that its DICOMDIR lists
        var byFile = films.Where(film => film.Reason != Reason.MissingFile).ToLookup(film => Encoding.UTF8.GetString(film.Path));
        Assert.Equal(Directory.EnumerateFiles(SharedFolder.Require("data", "dicom"), "*", SearchOption.AllDirectories).Count(), byFile.Count);

        foreach (var hip in byFile.Where(file => file.Key.StartsWith("hip_cr", StringComparison.Ordinal)))
            Assert.Equal((Reason.None, "HIP"), (Assert.Single(hip).Reason, hip.Single().Facts.BodyPart));
        Assert.Equal(10, byFile["multiframe_mr_j2k.dcm"].Count());
        Assert.Equal(15, byFile["multiframe_rtdose_rle32.dcm"].Count());
        foreach (var (file, reason) in new[]
        {
            ("dicomdir/DICOMDIR", Reason.Dicomdir), ("dicomdir/77654033/CR1/6154", Reason.WrongBodyPart),
            ("dicomdir/77654033/CT2/17106", Reason.NotARadiograph), ("chest_cr_mono1_j2k91.dcm", Reason.WrongBodyPart),
            ("chest_dx_mono1_small.dcm", Reason.WrongBodyPart), ("pelvis_dx_rgb_1.dcm", Reason.None),
            ("sr_no_pixels.dcm", Reason.NoPixelData), ("deflated.dcm", Reason.NotARadiograph),
            ("dental_cr_modlut.dcm", Reason.None), ("breast_mg_voilut.dcm", Reason.NotARadiograph),
        })
        {
            Assert.Equal((file, reason), (file, Assert.Single(byFile[file]).Reason));
        }
    }

    private async Task<InventoryFilm[]> Index(int workers = 3, int chunkFilms = Chunk.Films, string? root = null)
    {
        if (Directory.Exists(_folder["run"])) Directory.Delete(_folder["run"], recursive: true);
        await Indexer.RunAsync(Run(chunkFilms, root), Key, workers, null, TestContext.Current.CancellationToken);
        using var reader = new InventoryReader(_folder["run", "inventory.parquet"]);
        return reader.Chunks.SelectMany(chunk => reader.ReadChunk(chunk.Number)).ToArray();
    }

    private RunFolder Run(int chunkFilms = Chunk.Films, string? root = null) => RunFolder.Create(_folder["run"], new()
    {
        ProductVersion = "1.0.0",
        ArchiveRoot = root ?? _folder["archive"],
        ChunkFilms = chunkFilms,
        SiteKeyId = Key.Id,
    });

    private void Put(string file, byte[] content)
    {
        var path = _folder["archive", file];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private sealed class Reporter(List<IndexProgress> reported) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => reported.Add(value);
    }

    private sealed class Cancelling(CancellationTokenSource stop) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => stop.Cancel();
    }
}
