using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Dicom;
using BulkImplantScan.Tests.Dicom.Codecs;

namespace BulkImplantScan.Tests.Pipeline;

public sealed class DecodeOneFilmTests : IDisposable
{
    // Of 64 rows and 256 columns, 12 bits, lossless, by opj_compress -n 4 (three levels): 8 x + 16 y.
    private const string Wide =
        "/0//UQApAAAAAAEAAAAAQAAAAAAAAAAAAAABAAAAAEAAAAAAAAAAAAABCwEB/1IADAAAAAEAAwQEAAH/XAANQGBoaHBoaHBoaHD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAFBAAH/k9/jJBI3ZdrJN+4D6p3TrL/ZL1YisHm7GKkDsfgrG2Ufdcs+oNZ+4NVtd8H/LhyyQcb0T3ufXioHdiMTnRmCczWbd1lVVVVVVXiRvJMMA/yqqLyl0VqnOsNdfUuc7oK26+b5vm+b5vm+b5x1+Ambyu6+b5vm+b5lfbkm+C6e61eZDML/F98Cq4RvAzWZ2Qkj2zgWCTaEXgZiIKmh4kRvAzWZmZmbTwioALC5y1cI3gZrMzNqIwkVkw1cI3gZrMzMyfEPKwAtt0m1j5WrD8A+oIgPtEyLYd1E1OQhxYykKnf5utmAMI/3XBISydjAYR/AHzioB9QorXIBtfiXvB1br93OSqOf3+jPgAAGEhKCgYwkJf9/0APyBsAfnEfnEK1yAb2ZR/AQAKo5/f9/8BAAqjn9/3//2Q==";

    private readonly PixelBufferPool _pool = new();

    [Fact]
    public void A_header_that_no_reader_reads_is_malformed_as_the_index_would_say()
    {
        var whole = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(1, 4, 16, 12).Words(DicomBytes.PixelData, "OW", 1, 2, 3, 4).ToArray();
        var cut = whole[..^33];
        var expected = DicomReader.Parse(cut, isWholeFile: true, new());
        Assert.Equal(Reason.MalformedDataSet, expected.Reason);
        using var givenUp = Run(cut, new() { SecondReader = new("fo-dicom", isFirst: false, _ => null) });
        Assert.Equal((Reason.MalformedDataSet, expected.Detail), (givenUp.Row.Reason, givenUp.Row.Detail));

        // Ours alone read this header before, so the bytes are no longer those.
        using var changed = Run(cut, new());
        Assert.Equal(Reason.ChangedSinceIndex, changed.Row.Reason);
    }

    [Theory]
    [InlineData(null, new[] { "reduced_2" })]
    [InlineData("4\\1", new[] { "aspect" })] // shown as a square of 32 rows: all 64 are needed
    [InlineData("2\\1", new[] { "reduced_1", "aspect" })]
    [InlineData("1\\2", new[] { "reduced_2", "aspect" })]
    public void Resolution_is_left_out_only_as_far_as_the_true_shape_allows(string? ratio, string[] notes)
    {
        NativeLibraries.Require("openjpeg");
        var stream = Convert.FromBase64String(Wide);
        var bytes = DicomBytes.File(TransferSyntaxes.Jpeg2000Lossless).ImagePixel(64, 256, 16, 12);
        if (ratio is not null) bytes.Text(DicomTags.PixelAspectRatio, "IS", ratio);
        bytes.Element(DicomBytes.PixelData, "OB", default, uint.MaxValue).Raw(0xFFFE, 0xE000, 0)
            .Raw(0xFFFE, 0xE000, (uint)stream.Length, stream).Raw(0xFFFE, 0xE0DD, 0);
        using var film = Run(bytes.ToArray(), new() { FieldOfView = FieldOfViewMode.Off }, new() { LeastSide = 64 });
        Assert.Equal(Reason.None, film.Row.Reason);
        Assert.Equal(notes, film.Row.Notes);
    }

    [Fact]
    public void A_second_decode_that_the_machine_did_not_finish_is_no_difference()
    {
        NativeLibraries.Require("openjpeg");
        var file = Convert.FromBase64String(OracleFile.Read("native-cases.csv.gz").Single(line => line[0] == "openjpeg u12")[2]);
        var dataset = new DicomDataset();
        DicomReader.Parse(file, isWholeFile: true, dataset);
        var decoded = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, _pool);
        using var pixels = decoded.Pixels!;
        using var late = new NativeCodecs(new() { FilmTime = TimeSpan.Zero });
        using var narrow = new NativeCodecs(new() { FilmMemoryBytes = 1 });
        foreach (var codecs in (NativeCodecs[])[late, narrow])
            SelfCheck.RequireSamePixels("key", file, dataset, 1, DecodeSettings.Exact with { NativeCodecs = codecs }, decoded, _pool);

        // What comes back is compared all the same.
        pixels.Bytes[3] ^= 1;
        Assert.Throws<SelfCheckException>(() => SelfCheck.RequireSamePixels("key", file, dataset, 1, DecodeSettings.Exact, decoded, _pool));
    }

    public void Dispose() => _pool.Dispose();

    private FilmInFlight Run(byte[] file, ScanOptions options, DecodeSettings? settings = null)
    {
        var buffer = _pool.Rent(file.Length);
        file.CopyTo(buffer.Span(file.Length));
        var film = new FilmInFlight(new(0, 0, 1), new()
        {
            FilmIndex = 0, FilmKey = "key", Path = "film"u8.ToArray(), Facts = new(), Frames = 1, FileBytes = file.Length,
        })
        {
            File = new(buffer, file.Length),
        };
        var input = new InputGeometry(1, 32, 32, [0], [1]);
        return new Decode(_pool, pixelHashSeed: 5, input, settings ?? DecodeSettings.Exact, options, FrameDecoder.Decode, new(0, input)).Run(film);
    }
}
