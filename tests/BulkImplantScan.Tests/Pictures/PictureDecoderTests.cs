using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Archive;

namespace BulkImplantScan.Tests.Pictures;

public sealed class PictureDecoderTests : IDisposable
{
    private readonly PixelBufferPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData("png-")]
    [InlineData("jpeg-")]
    [InlineData("tiff-")]
    public void Every_variant_decodes_to_the_samples_that_other_programs_read(string prefix)
    {
        var faults = new List<string>();
        var cases = PictureCase.All.Where(picture => picture.Name.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        Assert.True(cases.Length > 40);
        foreach (var picture in cases)
        {
            var format = PictureMagic.Of(picture.File)!.Value;
            var decoded = PictureDecoder.Decode(picture.File, format, picture.Page, _pool);
            if (decoded.Pixels is not { } pixels)
            {
                faults.Add($"{picture.Name}: {decoded.Reason} {decoded.Detail} at {decoded.FileOffset}");
                continue;
            }

            using (pixels)
            {
                var shape = (pixels.Rows, pixels.Columns, pixels.SamplesPerPixel, pixels.BitsStored, decoded.IsInverted, string.Join(' ', decoded.Notes));
                var expected = (picture.Rows, picture.Columns, picture.Samples, picture.Bits, picture.IsInverted, picture.Notes);
                if (shape != expected) faults.Add($"{picture.Name}: {shape}, not {expected}");
                else if (Difference(pixels, picture.Pixels) is var difference && difference > picture.Tolerance) faults.Add($"{picture.Name}: differs by {difference}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Headers_say_of_each_picture_what_decoding_gives()
    {
        foreach (var picture in PictureCase.All)
        {
            var headers = new List<PictureHeader>();
            PictureDecoder.ReadHeaders(new(picture.File), PictureMagic.Of(picture.File)!.Value, 1024, headers);
            var header = headers[picture.Page - 1];
            Assert.Equal((picture.Name, Reason.None, picture.Rows, picture.Columns, picture.Bits),
                (picture.Name, header.Reason, header.Rows, header.Columns, header.BitsStored));
        }
    }

    [Fact]
    public void Headers_are_found_as_well_when_only_the_first_bytes_are_in_memory()
    {
        foreach (var picture in PictureCase.All)
        {
            var format = PictureMagic.Of(picture.File)!.Value;
            List<PictureHeader> whole = [], parts = [];
            var file = new MemoryBytes(picture.File);
            PictureDecoder.ReadHeaders(new(picture.File), format, 1024, whole);
            PictureDecoder.ReadHeaders(new(picture.File.AsSpan(0, 16), file), format, 1024, parts);
            Assert.Equal(whole, parts);
            Assert.True(file.ReadSoFar <= 2000 * whole.Count, $"{picture.Name}: {file.ReadSoFar} bytes for a header");
        }
    }

    /// <summary>Whatever is cut off, the film fails or, where only an end mark or text is missing, has all of its pixels.</summary>
    [Fact]
    public void Truncated_pixel_data_is_rejected_not_padded()
    {
        foreach (var picture in Sample())
        {
            var format = PictureMagic.Of(picture.File)!.Value;
            for (var length = 8; length < picture.File.Length; length += 1 + picture.File.Length / 97)
            {
                if (PictureMagic.Of(picture.File.AsSpan(0, length)) is null) continue;
                var decoded = PictureDecoder.Decode(picture.File.AsSpan(0, length), format, picture.Page, _pool);
                using var pixels = decoded.Pixels;
                if (pixels is null) Assert.True(IsDamage(decoded.Reason), $"{picture.Name}: {decoded.Reason}");
                else Assert.True(Difference(pixels, picture.Pixels) <= picture.Tolerance, $"{picture.Name} cut to {length} bytes decodes to other pixels");
            }
        }
    }

    [Fact]
    public void Bytes_changed_at_random_give_a_reason_or_a_picture_and_never_an_exception()
    {
        var random = new Random(20240302);
        var decodedAnyhow = 0;
        foreach (var picture in Sample())
        {
            for (var round = 0; round < 200; round++)
            {
                var file = picture.File.ToArray();
                for (var i = random.Next(1, 5); i > 0; i--) file[random.Next(file.Length)] = (byte)random.Next(256);
                if (PictureMagic.Of(file) is not { } format) continue;
                var headers = new List<PictureHeader>();
                PictureDecoder.ReadHeaders(new(file), format, 16, headers);
                Assert.NotEmpty(headers);
                var decoded = PictureDecoder.Decode(file, format, picture.Page, _pool);
                using var pixels = decoded.Pixels;
                if (pixels is not null) decodedAnyhow++;
                else Assert.True(decoded.Reason != Reason.None, picture.Name);
            }
        }

        Assert.True(decodedAnyhow > 100); // else the test looked at headers only
    }

    private static bool IsDamage(Reason reason) =>
        reason is Reason.TruncatedPixelData or Reason.CorruptPixelData or Reason.MalformedDataSet or Reason.MissingFrame;

    /// <summary>One of each kind: all together take too long.</summary>
    private static IEnumerable<PictureCase> Sample() => PictureCase.All.Where((_, i) => i % 5 == 0);

    private static int Difference(StoredPixels pixels, ushort[] expected)
    {
        var largest = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            int value = pixels.BytesPerSample == 1 ? pixels.Bytes[i] : pixels.Samples<ushort>()[i];
            largest = Math.Max(largest, Math.Abs(value - expected[i]));
        }

        return largest;
    }
}
