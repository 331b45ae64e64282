using BulkImplantScan.Dicom;
using BulkImplantScan.FoDicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Tests.Archive;

namespace BulkImplantScan.Tests.FoDicom;

/// <summary>Compiled only with -p:UseFoDicom=true.</summary>
public sealed class FoDicomReaderTests : IDisposable
{
    private readonly PixelBufferPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Real_films_have_the_same_pixels_and_header_through_either_reader()
    {
        var both = 0;
        var first = FoDicomReader.Create(isFirst: true);
        var geometry = new InputGeometry(1, 32, 32, [0], [1]);
        foreach (var path in Directory.EnumerateFiles(SharedFolder.Require("data", "dicom"), "*", SearchOption.AllDirectories).Order())
        {
            var ours = FilmInspection.Of(path, geometry, null);
            var theirs = FilmInspection.Of(path, geometry, null, second: first);
            if (ours.Sha256 is null || theirs.ReadBy is null) continue;
            Assert.Equal(
                (path, ours.Sha256, ours.Reason, ours.Detail, ours.Modality, ours.TransferSyntax, ours.SopInstanceUid, ours.Decoder),
                (path, theirs.Sha256, theirs.Reason, theirs.Detail, theirs.Modality, theirs.TransferSyntax, theirs.SopInstanceUid, theirs.Decoder));
            both++;
        }

        Assert.InRange(both, 15, 100);
    }

    [Fact]
    public void It_throws_at_nothing_and_comes_back_from_deep_nesting()
    {
        var reader = FoDicomReader.Create(isFirst: true);
        var random = new Random(7);
        var film = HeaderBytes.HipFilm().ToArray();
        for (var i = 0; i < 200; i++)
        {
            var mutated = film.ToArray();
            for (var j = 0; j < 4; j++) mutated[random.Next(132, mutated.Length)] = (byte)random.Next(256);
            reader.Replace(mutated.AsSpan()[..random.Next(140, mutated.Length)], new());
        }

        foreach (var levels in (int[])[100, 9_000, 19_000, 30_000])
            reader.Replace(Nested(levels), new());
        Assert.NotNull(reader.Replace(film, new())); // it still reads
    }

    [Fact]
    public void Some_headers_that_ours_finds_malformed_are_read_and_give_the_films_own_pixels()
    {
        var reader = FoDicomReader.Create(isFirst: false);
        var random = new Random(11);
        byte[] pixels = [.. Enumerable.Range(0, 24).SelectMany(i => (byte[])[(byte)(7 * i), 1])];
        byte[] reference = [0xFE, 0xFF, 0x00, 0xE0, 8, 0, 0, 0, 0x08, 0, 0x50, 0x11, (byte)'U', (byte)'I', 0, 0];
        var film = HeaderBytes.HipFilm().With(0x00081140, "SQ", reference).With(0x7FE00010, "OW", pixels).ToArray();
        var (read, decoded) = (0, 0);
        for (var i = 0; i < 1500; i++)
        {
            var mutated = film.ToArray();
            mutated[random.Next(132, mutated.Length - 60)] = (byte)random.Next(256); // not in the pixels or their header
            if (reader.Replace(mutated, new()) is not { } rewritten) continue;
            read++;
            var dataset = new DicomDataset();
            Assert.Equal(ParseStatus.Ok, DicomReader.Parse(rewritten, isWholeFile: true, dataset).Status);
            using var found = FrameDecoder.Decode(rewritten, dataset, 1, DecodeSettings.Exact, _pool).Pixels;
            if (found is null) continue;
            decoded++;
            Assert.Equal(pixels, found.Bytes.ToArray());
        }

        Assert.InRange(decoded, 5, read);
    }

    // Sequences of undefined length, each in an item of the one before.
    private static byte[] Nested(int levels)
    {
        var bytes = new List<byte>(HeaderBytes.HipFilm().Without(0x7FE00010).ToArray());
        for (var i = 0; i < levels; i++)
        {
            bytes.AddRange([0x88, 0x00, 0x40, 0x01, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
            bytes.AddRange([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
        }

        return [.. bytes];
    }
}
