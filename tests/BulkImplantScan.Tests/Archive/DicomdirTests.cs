using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Archive.Containers;
using BulkImplantScan.Tests.Dicom;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Archive;

public sealed class DicomdirTests : IDisposable
{
    private static readonly SiteKey Key = new(new byte[SiteKey.Bytes]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_real_medium_of_31_references_has_4_films_and_27_that_are_missing()
    {
        var medium = SharedFolder.Require("data", "dicom", "dicomdir");
        var films = await Index(medium);
        Assert.Equal(5 + 27, films.Length);
        Assert.Equal(27, films.Count(film => film.Reason == Reason.MissingFile));
        Assert.Equal(32, films.Select(film => film.FilmKey).Distinct().Count());
        Assert.All(films, film => Assert.Equal(film.Reason != Reason.MissingFile, File.Exists(Path.Combine(medium, Encoding.UTF8.GetString(film.Path)))));

        // The same in a container, against the names of its members.
        Tools.Run(medium, "tar", "-czf", _folder["medium.tar.gz"], ".");
        var packed = await Index(_folder["medium.tar.gz"]);
        Assert.Equal(27, packed.Count(film => film.Reason == Reason.MissingFile));
        Assert.Equal(32, packed.Select(film => film.FilmKey).Distinct().Count());
        Assert.Equal(
            films.Where(film => film.Reason == Reason.MissingFile).Select(film => Encoding.UTF8.GetString(film.Path)).Order(StringComparer.Ordinal),
            packed.Where(film => film.Reason == Reason.MissingFile).Select(film => Encoding.UTF8.GetString(film.Member!.Name)[2..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_references_are_those_that_another_reader_finds()
    {
        var medium = SharedFolder.Require("data", "dicom", "dicomdir");
        ExternalTool.Require("dcmdump", "dcmtk");
        Tools.Run(_folder.FullPath, "bash", "-c", $"set -o pipefail; dcmdump -q +P 0004,1500 '{medium}/DICOMDIR' | sed 's/.*\\[\\(.*\\)\\].*/\\1/' | tr '\\\\' / > list");
        var file = File.ReadAllBytes(Path.Combine(medium, "DICOMDIR"));
        var dataset = new DicomDataset();
        DicomReader.Parse(file, isWholeFile: true, dataset);
        Assert.Equal(
            File.ReadAllLines(_folder["list"]).Where(line => line.Length > 0), DicomdirReader.Read(file, dataset).Select(reference => Encoding.ASCII.GetString(reference.Path)));
    }

    [Fact]
    public void Names_beyond_the_limit_are_not_looked_for_and_not_called_missing()
    {
        Put("medium/there", []);
        List<DicomdirReference> references =
            [DicomdirReference.Of("there"u8), DicomdirReference.Of("a\\b\\c"u8), DicomdirReference.Of("a\\b\\d"u8), DicomdirReference.Of("e"u8)];
        string[] Missing(int limit) =>
        [
            .. DicomdirFolder.Missing(FolderAccess.For(_folder["archive"]), "medium"u8.ToArray(), references, limit)
                .Select(reference => Encoding.ASCII.GetString(reference.Path)),
        ];
        Assert.Equal(["a/b/c", "a/b/d", "e"], Missing(6)); // there, a, b, c, d, e
        Assert.Equal(["a/b/c", "a/b/d"], Missing(5));
        Assert.Equal(["a/b/c"], Missing(4));
        Assert.Equal([], Missing(1));
    }

    [Fact]
    public async Task Names_are_compared_as_media_are_copied_without_capitals_and_versions()
    {
        Put("medium/DICOMDIR", Dicomdir(undefinedLengths: false, "IMAGES\\IM1", "IMAGES\\IM2", "IMAGES\\IM3", "IMAGES\\IM4", "IMAGES\\IM4", "OTHER\\IM1"));
        foreach (var name in new[] { "medium/images/im1", "medium/Images/IM2.;1", "medium/images/IM3;1" }) Put(name, HeaderBytes.HipFilm().ToArray());
        Put("medium/IMAGES/IM4/x", []); // a folder where a file should be
        Assert.Equal(
        [
            "medium/DICOMDIR Dicomdir ", "medium/IMAGES/IM4 MissingFile ", "medium/OTHER/IM1 MissingFile ",
        ], (await Index(_folder["archive"])).Where(film => film.Reason is Reason.Dicomdir or Reason.MissingFile).Select(Line));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reference_that_would_leave_the_medium_is_said_and_not_followed(bool undefinedLengths)
    {
        Put("film", HeaderBytes.HipFilm().ToArray());
        Put("medium/DICOMDIR", Dicomdir(undefinedLengths, "..\\FILM", "\\ETC\\PASSWD", "C:\\FILM", "A\\.\\B", "A/B", string.Join('\\', Enumerable.Repeat("A", 40))));
        var films = await Index(_folder["archive"]);
        Assert.Equal(6, films.Count(film => (film.Reason, film.Detail) == (Reason.MissingFile, "path_outside_archive")));
        Assert.Equal(8, films.Length);
    }

    [Fact]
    public void A_list_cut_or_changed_anywhere_never_throws()
    {
        var whole = Dicomdir(undefinedLengths: true, Enumerable.Range(0, 20).Select(i => $"DIR\\FILE{i}").ToArray());
        var dataset = new DicomDataset();
        for (var at = 140; at < whole.Length; at++)
        {
            foreach (var bytes in new[] { whole[..at], [.. whole[..at], 0xFF, .. whole[(at + 1)..]] })
            {
                DicomReader.Parse(bytes, isWholeFile: true, dataset);
                Assert.InRange(DicomdirReader.Read(bytes, dataset).Count, 0, 21);
            }
        }
    }

    [Fact]
    public void Records_are_read_up_to_a_limit()
    {
        var file = Dicomdir(undefinedLengths: false, Enumerable.Range(0, 50).Select(i => $"FILE{i}").ToArray());
        var dataset = new DicomDataset();
        DicomReader.Parse(file, isWholeFile: true, dataset);
        Assert.Equal(50, DicomdirReader.Read(file, dataset).Count);
        Assert.Equal(7, DicomdirReader.Read(file, dataset, limit: 7).Count);
    }

    private static byte[] Dicomdir(bool undefinedLengths, params string[] references)
    {
        var records = new MemoryStream();
        foreach (var reference in references)
        {
            var value = Encoding.ASCII.GetBytes(reference.Length % 2 == 0 ? reference : reference + " ");
            byte[] element = [4, 0, 0, 0x15, (byte)'C', (byte)'S', (byte)value.Length, (byte)(value.Length >> 8), .. value];
            records.Write([0xFE, 0xFF, 0, 0xE0, .. undefinedLengths ? [0xFF, 0xFF, 0xFF, 0xFF] : BitConverter.GetBytes(element.Length), .. element]);
            if (undefinedLengths) records.Write([0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0]);
        }

        if (undefinedLengths) records.Write([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        var body = records.ToArray();
        return
        [
            .. new byte[128], .. "DICM"u8,
            2, 0, 0x10, 0, (byte)'U', (byte)'I', 20, 0, .. "1.2.840.10008.1.2.1\0"u8,
            4, 0, 0x20, 0x12, (byte)'S', (byte)'Q', 0, 0, .. undefinedLengths ? [0xFF, 0xFF, 0xFF, 0xFF] : BitConverter.GetBytes(body.Length), .. body,
        ];
    }

    private static string Line(InventoryFilm film) => $"{Encoding.UTF8.GetString(film.Path)} {film.Reason} {film.Detail}";

    private async Task<InventoryFilm[]> Index(string root)
    {
        if (Directory.Exists(_folder["run"])) Directory.Delete(_folder["run"], recursive: true);
        var run = RunFolder.Create(_folder["run"], new() { ProductVersion = "1.0.0", ArchiveRoot = root, ChunkFilms = 64, SiteKeyId = Key.Id });
        await Indexer.RunAsync(run, Key, 2, null, TestContext.Current.CancellationToken);
        using var reader = new InventoryReader(_folder["run", "inventory.parquet"]);
        return reader.Chunks.SelectMany(chunk => reader.ReadChunk(chunk.Number)).ToArray();
    }

    private void Put(string file, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder["archive", file])!);
        File.WriteAllBytes(_folder["archive", file], content);
    }
}
