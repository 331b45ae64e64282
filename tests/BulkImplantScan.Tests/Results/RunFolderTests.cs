using BulkImplantScan.Archive;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Results;

public sealed class RunFolderTests : IDisposable
{
    private static readonly RunModel Model = new("hips", new string('a', 64), [new("d1", "device", "Maker", "Model"), new("none", "none", null, null)]);
    private static readonly RunSettings Settings = new() { DeviceKind = "cpu", Precision = "fp32", MaxFilmBytes = 1L << 30 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_saved_is_there_when_the_run_is_opened_again()
    {
        var run = RunFolder.Create(_folder["run"], Manifest());
        run.Save(run.Manifest with { MoreRoots = ["/more"], Films = 7, Files = 9 });
        run.Begin(Model, Settings with { MinimumProbability = 0.25 });

        var opened = RunFolder.Open(_folder["run"]).Manifest;
        Assert.Equal(Model.Classes, opened.Model!.Classes);
        Assert.Equal(run.Manifest, opened with { Model = run.Manifest.Model, MoreRoots = run.Manifest.MoreRoots });
        Assert.Equal(["/films", "/more"], opened.Roots);
    }

    [Fact]
    public void A_run_is_taken_up_by_the_same_command_and_by_no_other()
    {
        RunFolder.Create(_folder["run"], Manifest());
        RunFolder.Create(_folder["run"], Manifest());
        Refused("another archive", () => RunFolder.Create(_folder["run"], Manifest() with { ArchiveRoot = "/elsewhere" }));
        Refused("another site key", () => RunFolder.Create(_folder["run"], Manifest() with { SiteKeyId = "00000000" }));
        Refused("another chunk size", () => RunFolder.Create(_folder["run"], Manifest() with { ChunkFilms = 5 }));
    }

    [Fact]
    public void A_folder_with_anything_else_in_it_is_refused_and_left_as_it_is()
    {
        File.WriteAllText(_folder["thesis.txt"], "");
        Refused("is not empty", () => RunFolder.Create(_folder.FullPath, Manifest()));
        Assert.Equal([_folder["thesis.txt"]], Directory.EnumerateFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public void A_file_is_no_run_folder()
    {
        File.WriteAllText(_folder["file"], "");
        Refused("is a file", () => RunFolder.Create(_folder["file"], Manifest()));
        Refused("cannot be written", () => RunFolder.Create(_folder["file", "below"], Manifest()));
    }

    [Fact]
    public void A_missing_run_and_a_folder_without_one_say_how_to_make_one()
    {
        Refused("index ARCHIVE", () => RunFolder.Open(_folder["none"]));
        Refused("index ARCHIVE", () => RunFolder.Open(_folder.FullPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"format\":1}")]
    [InlineData("{\"format\":\"1\"}")]
    [InlineData("{\"format\":1,\"product_version\":\"\",\"archive_root\":\"/\",\"site_key_id\":\"\",\"chunk_films\":0}")]
    [InlineData("{\"format\":1,\"product_version\":\"\",\"archive_root\":null,\"site_key_id\":\"\",\"chunk_films\":1}")]
    public void A_damaged_manifest_is_refused(string json)
    {
        File.WriteAllText(_folder["run.json"], json);
        Refused("cannot be read", () => RunFolder.Open(_folder.FullPath));
    }

    [Fact]
    public void A_newer_layout_is_refused_by_its_number_alone()
    {
        File.WriteAllText(_folder["run.json"], """{"format": 3, "who": "knows"}""");
        Refused("newer version", () => RunFolder.Open(_folder.FullPath));
    }

    [Fact]
    public void Another_model_or_other_settings_cannot_continue_a_run()
    {
        var run = RunFolder.Create(_folder["run"], Manifest());
        run.Begin(Model, Settings);
        run.Begin(Model, Settings);
        Refused("with the model", () => run.Begin(Model with { Sha256 = new string('b', 64) }, Settings));
        Refused("another device kind", () => run.Begin(Model, Settings with { DeviceKind = "cuda" }));
        Refused("another precision", () => run.Begin(Model, Settings with { Precision = "fp16" }));
        Refused("another minimum probability", () => run.Begin(Model, Settings with { MinimumProbability = 0.5 }));
        Refused("another largest film", () => run.Begin(Model, Settings with { MaxFilmBytes = 1 }));
    }

    [Fact]
    public void Missing_parts_are_those_without_a_file()
    {
        var run = RunFolder.Create(_folder["run"], Manifest());
        run.Begin(Model, Settings);
        Chunk[] chunks = [new(0, 0, 4), new(1, 4, 4), new(2, 8, 1)];
        PartFile.Write(run.PartPath(1), RandomRows.Fixed(4));
        Assert.Equal([chunks[0], chunks[2]], run.MissingParts(chunks));
    }

    [Fact]
    public void Leftovers_of_a_killed_writer_go_and_the_file_of_a_living_one_stays()
    {
        var run = RunFolder.Create(_folder["run"], Manifest());
        run.Begin(Model, Settings);
        File.WriteAllText(Path.Combine(run.PartsPath, ".part-000001.parquet.0123456789ab.tmp"), "half");
        using var living = AtomicFile.Begin(run.PartPath(2));
        living.Stream.Write("half"u8);

        RunFolder.Open(run.FullPath);
        Assert.Single(Directory.EnumerateFiles(run.PartsPath));
        living.Publish();
        Assert.True(run.HasPart(2));
        Assert.False(run.HasPart(1));
    }

    private static RunManifest Manifest() => new() { ProductVersion = "1.2.3", ArchiveRoot = "/films", ChunkFilms = 4, SiteKeyId = "0123abcd" };

    private static void Refused(string because, Func<RunFolder> action) =>
        Assert.Contains(because, Assert.Throws<RunFolderException>(action).Message, StringComparison.Ordinal);

    private static void Refused(string because, Action action) =>
        Assert.Contains(because, Assert.Throws<RunFolderException>(action).Message, StringComparison.Ordinal);
}
