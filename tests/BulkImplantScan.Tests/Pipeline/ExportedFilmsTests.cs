using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Pictures;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>Films that lie in an archive twice, as files and as exported pictures, from the walk to the statistics.</summary>
public sealed class ExportedFilmsTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    [Fact]
    public async Task A_film_copied_given_another_uid_another_patient_or_exported_as_png_is_found_and_counts_once()
    {
        var films = Path.Combine(archive.Folder, "twice");
        Directory.CreateDirectory(films);
        var (file, uid, patient, pixels) = Film();
        File.WriteAllBytes(Path.Combine(films, "1"), file);
        File.WriteAllBytes(Path.Combine(films, "2-copied"), file);
        File.WriteAllBytes(Path.Combine(films, "3-another-uid"), Replace(file, uid, Changed(uid)));
        File.WriteAllBytes(Path.Combine(films, "4-another-patient"), Replace(Replace(file, uid, Changed(Changed(uid))), patient, Changed(patient)));
        using (pixels) File.WriteAllBytes(Path.Combine(films, "5-exported.png"), TestPng.Grey16(pixels.Columns, pixels.Rows, pixels.Samples<ushort>()));
        File.WriteAllText(Path.Combine(archive.Folder, "twice.csv"), $"file,patient\n5-exported.png,{patient}\n");

        var run = RunFolder.Create(Path.Combine(archive.Folder, "twice-run"), new()
        {
            ProductVersion = "test", ArchiveRoot = films, ChunkFilms = 2, SiteKeyId = archive.Key.Id,
        });
        var pictures = new PictureOptions(PicturePolicy.Listed, Sidecar.Read(Path.Combine(archive.Folder, "twice.csv"), archive.Key));
        await Indexer.RunAsync(run, archive.Key, pictures, 2, null, TestContext.Current.CancellationToken);
        run = RunFolder.Open(run.FullPath);
        Assert.True((await archive.ScanAsync(run)).IsComplete);

        var rows = SmallArchive.Rows(run);
        Assert.Single(rows.Select(row => row.PixelHash).Distinct());
        Assert.Equal(("png", "percentile", null), (rows[4].Decoder, rows[4].Voi, rows[4].Facts.Instance));
        Assert.Equal(rows[0].Facts.Patient, rows[4].Facts.Patient);

        var ledger = Ledger.Check(run.FullPath);
        Assert.True(ledger.Ok, string.Join('\n', ledger.Problems));
        Assert.Equal((5L, 4L), (ledger.Films, ledger.Duplicates));
        Assert.Equal(new DuplicateCounts(SameInstance: 1, Conflicting: 0, SamePixels: 2, OtherPatient: 1, ReusedUid: 0), ledger.Kinds);
        using var database = RunDatabase.Open(run.FullPath);
        using var judged = database.Query("SELECT count(*), min(film_index) FROM judged", TestContext.Current.CancellationToken);
        Assert.Equal(new object?[] { 1L, 0L }, judged.Rows().Single());
    }

    [Fact]
    public async Task Exported_pictures_are_scanned_like_films_and_broken_ones_fail_with_a_reason()
    {
        var films = Path.Combine(archive.Folder, "exports");
        Directory.CreateDirectory(films);
        var cut = PictureCase.Of("jpeg-grey-95-29").File;
        foreach (var (name, content) in ((string, byte[])[])
        [
            ("1.jpg", PictureCase.Of("jpeg-ycc-75-29-s2").File), ("2.png", PictureCase.Of("png-rgb8").File), ("3.tif", PictureCase.Of("tiff-page-1").File),
            ("4.jpg", cut[..^20]), ("5.png", TestPng.Grey16(64, 64, new ushort[64 * 64])), ("6.png", PictureCase.Of("png-grey8").File),
        ])
        {
            File.WriteAllBytes(Path.Combine(films, name), content);
        }

        File.WriteAllText(Path.Combine(archive.Folder, "exports.csv"), "file\n1.jpg\n2.png\n3.tif\n4.jpg\n5.png\n6.png\n7.png\n");
        var run = RunFolder.Create(Path.Combine(archive.Folder, "exports-run"), new()
        {
            ProductVersion = "test", ArchiveRoot = films, ChunkFilms = 4, SiteKeyId = archive.Key.Id,
        });
        var pictures = new PictureOptions(PicturePolicy.Listed, Sidecar.Read(Path.Combine(archive.Folder, "exports.csv"), archive.Key));
        await Indexer.RunAsync(run, archive.Key, pictures, 2, null, TestContext.Current.CancellationToken);
        run = RunFolder.Open(run.FullPath);
        await archive.ScanAsync(run);

        Assert.Equal(
        [
            "jpeg full-range luminance ", "png full-range luminance ", "tiff full-range  ", "tiff full-range  ", "tiff full-range  ",
            "jpeg   TruncatedPixelData", "png   ImplausiblePixels", "png full-range  ", "   MissingFile",
        ], SmallArchive.Rows(run).Select(row => $"{row.Decoder} {row.Voi} {string.Join(' ', row.Notes)} {(row.TopClass is null ? row.Reason : "")}"));
        Assert.True(Ledger.Check(run.FullPath).Ok);
    }

    [Fact]
    public void A_hash_tells_values_and_not_how_they_are_kept()
    {
        using var pool = new PixelBufferPool();
        StoredPixels Pixels(SampleKind kind, params short[] values)
        {
            var pixels = new StoredPixels(pool.Rent(64), kind, 1, values.Length, 1, 8);
            for (var i = 0; i < values.Length; i++)
            {
                if (pixels.BytesPerSample == 1) pixels.Bytes[i] = (byte)values[i];
                else pixels.Samples<short>()[i] = values[i];
            }

            return pixels;
        }

        var expected = FilmHash.Of(Pixels(SampleKind.U8, 1, 2, 100), 7);
        foreach (var kind in (SampleKind[])[SampleKind.S8, SampleKind.U16, SampleKind.S16]) Assert.Equal(expected, FilmHash.Of(Pixels(kind, 1, 2, 100), 7));
        Assert.NotEqual(expected, FilmHash.Of(Pixels(SampleKind.U16, 1, 2, 101), 7));
        Assert.NotEqual(expected, FilmHash.Of(Pixels(SampleKind.U8, 1, 2, 100), 8));
        Assert.Equal(FilmHash.Of(Pixels(SampleKind.S8, -1, 2), 7), FilmHash.Of(Pixels(SampleKind.S16, -1, 2), 7));
    }

    [Fact]
    public void Inspect_says_of_a_picture_what_it_is_and_draws_it()
    {
        var path = Path.Combine(archive.Folder, "looked-at.tif");
        File.WriteAllBytes(path, PictureCase.Of("tiff-page-1").File);
        byte[]? drawn = null;
        var film = FilmInspection.Of(path, archive.Model.Input, (png, _) => drawn = png);
        Assert.Equal(("decoded", "tiff", "full-range", 3, 20, 30, "MONOCHROME2"), (film.Status, film.Decoder, film.Voi, film.Frames, film.Rows, film.Cols, film.Photometric));
        Assert.Equal(64, film.Sha256!.Length);
        Assert.NotNull(drawn);
        File.WriteAllBytes(path, PictureCase.Of("jpeg-grey-95-29").File[..^9]);
        Assert.Equal("truncated_pixel_data", FilmInspection.Of(path, archive.Model.Input, null).Reason);
    }

    /// <summary>A film of the phantoms with 16 bits allocated, native, and what it is changed by.</summary>
    private (byte[] File, string Uid, string Patient, StoredPixels Pixels) Film()
    {
        using var pool = new PixelBufferPool();
        foreach (var name in Directory.GetFiles(archive.FilmsFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var file = File.ReadAllBytes(name);
            var dataset = new DicomDataset();
            if (DicomReader.Parse(file, true, dataset).Status != ParseStatus.Ok || dataset.PixelData is null) continue;
            var decoded = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, pool);
            if (decoded is { Decoder: "native", Pixels: { Kind: SampleKind.U16 } pixels })
                return (file, dataset.GetString(file, DicomTags.SopInstanceUid)!, dataset.GetString(file, DicomTags.PatientId)!, pixels);
            decoded.Pixels?.Dispose();
        }

        throw new InvalidOperationException("no native film of 16 bits among the phantoms");
    }

    private static string Changed(string text) => text[..^1] + (char)(text[^1] == '9' ? '1' : text[^1] + 1);

    private static byte[] Replace(byte[] file, string old, string with) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(file).Replace(old, with, StringComparison.Ordinal));
}
