using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Dicom;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class DecodeTests : IDisposable
{
    private static readonly byte[] Rgb = [0, 0, 0, 10, 20, 30, 200, 100, 50, 255, 255, 255];

    private readonly PixelBufferPool _pool = new();

    [Fact]
    public void A_colour_film_is_judged_by_its_luminance_and_hashed_as_it_is_stored()
    {
        var side = Decode(Colour(0, Rgb));
        Assert.Equal((Reason.None, "full-range"), (side.Row.Reason, side.Row.Voi));
        Assert.Equal([DecodeNote.Luminance], side.Row.Notes);
        Assert.Equal((1, SampleKind.U8), (side.Pixels!.SamplesPerPixel, side.Pixels.Kind));

        // The same samples in planes have the same hash; others with the same luminance do not.
        var planar = Decode(Colour(1, [.. Enumerable.Range(0, 12).Select(i => Rgb[i % 4 * 3 + i / 4])]));
        var grey = Decode(Colour(0, [.. side.Pixels.Bytes.ToArray().SelectMany(y => new[] { y, y, y })]));
        Assert.Equal(side.Row.PixelHash, planar.Row.PixelHash);
        Assert.NotEqual(side.Row.PixelHash, grey.Row.PixelHash);
        Assert.Equal(side.Pixels.Bytes.ToArray(), grey.Pixels!.Bytes.ToArray());
        foreach (var film in (FilmInFlight[])[side, planar, grey]) film.Dispose();
    }

    [Fact]
    public void A_film_of_32_bits_is_scaled_and_says_so()
    {
        int[] values = [0, 1_000_000, 2_000_000, -5];
        using var film = Decode(DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(1, 4, 32, 32, isSigned: true)
            .Element(DicomBytes.PixelData, "OW", System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())).ToArray());
        Assert.Equal((Reason.None, SampleKind.U16), (film.Row.Reason, film.Pixels!.Kind));
        Assert.Equal([DecodeNote.ScaledTo16Bits], film.Row.Notes);
    }

    [Fact]
    public void A_film_of_a_sample_of_frames_says_so_whatever_becomes_of_it()
    {
        using var film = Decode(Colour(0, Rgb), frames: 2000);
        Assert.Equal([DecodeNote.SampledFrames, DecodeNote.Luminance], film.Row.Notes);
        using var broken = Decode([1, 2, 3], frames: 2000);
        Assert.Equal([DecodeNote.SampledFrames], broken.Row.Notes);
        Assert.Equal(Reason.ChangedSinceIndex, broken.Row.Reason);
    }

    [Fact]
    public void What_cannot_be_made_grey_is_turned_away_with_a_hash_of_what_was_stored()
    {
        using var film = Decode(DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
            .Text(DicomTags.PhotometricInterpretation, "CS", "PALETTE COLOR").ImagePixel(1, 2, 8, 8)
            .Element(DicomBytes.PixelData, "OB", [1, 2]).ToArray());
        Assert.Equal((Reason.MissingAttribute, "PaletteColorLookupTable"), (film.Row.Reason, film.Row.Detail));
        Assert.NotNull(film.Row.PixelHash);
        Assert.Null(film.Pixels);
    }

    public void Dispose() => _pool.Dispose();

    private static byte[] Colour(int planar, byte[] samples) => DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
        .Words(DicomTags.SamplesPerPixel, "US", 3).Text(DicomTags.PhotometricInterpretation, "CS", "RGB")
        .Words(DicomTags.PlanarConfiguration, "US", (ushort)planar).ImagePixel(1, samples.Length / 3, 8, 8)
        .Element(DicomBytes.PixelData, "OB", samples).ToArray();

    private FilmInFlight Decode(byte[] file, int frames = 1)
    {
        var buffer = _pool.Rent(file.Length);
        file.CopyTo(buffer.Span(file.Length));
        var film = new FilmInFlight(new(0, 0, 1), new()
        {
            FilmIndex = 0, FilmKey = "key", Path = "film"u8.ToArray(), Facts = new(), Frames = frames, FileBytes = file.Length,
        })
        {
            File = new(buffer, file.Length),
        };
        var input = new InputGeometry(1, 32, 32, [0], [1]);
        return new Decode(_pool, pixelHashSeed: 5, input, DecodeSettings.Exact, new(), FrameDecoder.Decode, new(0, input)).Run(film);
    }
}
