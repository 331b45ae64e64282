using System.Buffers.Binary;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Pictures;

public sealed class HostilePictureTests : IDisposable
{
    private readonly PixelBufferPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_png_whose_crc_does_not_fit_is_corrupt_and_text_chunks_are_not_looked_at()
    {
        var file = PictureCase.Of("png-grey8").File.ToArray();
        var text = file.AsSpan().IndexOf("Comment"u8);
        file[text] ^= 1;
        Assert.Equal(Reason.None, Decode(file).Reason);
        file[file.AsSpan().IndexOf("IDAT"u8) + 8] ^= 1;
        Assert.Equal((Reason.CorruptPixelData, "CRC"), Of(Decode(file)));
        file[20] ^= 1;
        Assert.Equal((Reason.MalformedDataSet, "CRC of IHDR"), Of(Decode(file)));
    }

    [Theory]
    [InlineData(20_001, 5, Reason.DimensionsTooLarge)]
    [InlineData(5, 20_001, Reason.DimensionsTooLarge)]
    [InlineData(20_000, 20_000, Reason.TruncatedPixelData)] // 800 MB behind a kilobyte: refused before memory is taken
    public void A_png_that_declares_too_much_is_refused_by_its_header(int columns, int rows, Reason reason) =>
        Assert.Equal(reason, Decode(TestPng.Write(columns, rows, 16, 0, new byte[1000])).Reason);

    [Fact]
    public void A_png_of_colour_above_a_gigabyte_is_too_large_decoded() =>
        Assert.Equal(Reason.DecodedTooLarge, Decode(TestPng.Write(20_000, 20_000, 8, 2, new byte[10])).Reason);

    [Fact]
    public void What_a_png_holds_beyond_its_pixels_is_never_inflated()
    {
        // 300 MB of zeros for 4 pixels.
        var decoded = Decode(TestPng.Write(2, 2, 8, 0, new byte[300 << 20]));
        Assert.Equal(Reason.None, decoded.Reason);
        decoded.Pixels!.Dispose();
    }

    [Fact]
    public void A_png_with_too_few_rows_is_truncated() =>
        Assert.Equal(Reason.TruncatedPixelData, Decode(TestPng.Write(20, 20, 8, 0, new byte[21 * 19])).Reason);

    [Theory]
    [InlineData(5)]
    [InlineData(255)]
    public void A_png_row_with_an_unknown_filter_is_corrupt(byte filter) =>
        Assert.Equal(Reason.CorruptPixelData, Decode(TestPng.Write(2, 1, 8, 0, [filter, 1, 2])).Reason);

    [Fact]
    public void A_png_index_outside_its_palette_is_corrupt() =>
        Assert.Equal(Reason.CorruptPixelData, Decode(TestPng.Write(2, 1, 8, 3, [0, 1, 2], palette: new byte[6])).Reason);

    [Theory]
    [InlineData("jpeg-grey-95-29")]
    [InlineData("jpeg-ycc-95-29-s2")]
    [InlineData("jpeg-12-bits")]
    public void A_jpeg_that_lost_bytes_in_its_middle_is_never_filled_up_with_grey(string name)
    {
        var picture = PictureCase.Of(name);
        var scan = picture.File.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 20;
        for (var lost = picture.File.Length / 4; lost < picture.File.Length - scan - 2; lost += picture.File.Length / 8)
        {
            byte[] file = [.. picture.File.AsSpan(0, picture.File.Length - 2 - lost), 0xFF, 0xD9];
            var decoded = Decode(file);
            Assert.True(decoded.Reason is Reason.CorruptPixelData or Reason.TruncatedPixelData, $"{lost} bytes less: {decoded.Reason}");
        }
    }

    [Fact]
    public void A_progressive_jpeg_that_lost_its_last_scans_is_truncated()
    {
        var file = PictureCase.Of("jpeg-grey-progressive-95-29").File;
        var last = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        Assert.Equal(Reason.TruncatedPixelData, Decode(file.AsSpan(0, last)).Reason);
    }

    [Fact]
    public void A_jpeg_of_many_scans_is_refused()
    {
        var file = PictureCase.Of("jpeg-grey-progressive-95-29").File;
        var last = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        var scans = new MemoryStream();
        scans.Write(file.AsSpan(0, last));
        for (var i = 0; i < 100; i++) scans.Write(file.AsSpan(last, file.Length - 2 - last));
        scans.Write([0xFF, 0xD9]);
        Assert.Equal((Reason.CorruptPixelData, "too many scans"), Of(Decode(scans.ToArray())));
    }

    [Fact]
    public void A_jpeg_that_declares_a_huge_frame_is_refused_before_memory_is_taken()
    {
        var file = PictureCase.Of("jpeg-grey-95-29").File.ToArray();
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 20_000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 20_000);
        Assert.Equal(Reason.TruncatedPixelData, Decode(file).Reason);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 20_001);
        Assert.Equal(Reason.DimensionsTooLarge, Decode(file).Reason);
    }

    [Fact]
    public void Tiff_pages_in_a_circle_end()
    {
        byte[] file = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0, 1, 3, 0, 1, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0];
        var headers = new List<PictureHeader>();
        PictureDecoder.ReadHeaders(new(file), PictureFormat.Tiff, 1024, headers);
        Assert.Equal("pages in a circle", headers[^1].Detail);
    }

    [Fact]
    public void A_tiff_of_endless_tiles_is_refused_before_memory_is_taken()
    {
        var file = PictureCase.Of("tiff-8-L-none-tw").File.ToArray();
        SetTag(file, 322, 40_000);
        SetTag(file, 323, 40_000);
        Assert.Equal(Reason.DecodedTooLarge, Decode(file).Reason);
        SetTag(file, 322, 0);
        Assert.Equal(Reason.MalformedDataSet, Decode(file).Reason);
        SetTag(file, 322, 1);
        SetTag(file, 323, 1); // more tiles than there are offsets
        Assert.Equal(Reason.TruncatedPixelData, Decode(file).Reason);
    }

    [Theory]
    [InlineData("8", 258, 12, "BitsPerSample")]
    [InlineData("8", 259, 4, "Compression")]
    [InlineData("8", 262, 5, "PhotometricInterpretation")]
    [InlineData("rgb", 277, 5, "SamplesPerPixel")]
    public void A_tiff_of_a_kind_that_is_not_decoded_says_which(string kind, int tag, int value, string detail)
    {
        var file = PictureCase.Of($"tiff-{kind}-L-none-r7").File.ToArray();
        SetTag(file, tag, value);
        Assert.Equal((Reason.UnsupportedPixelFormat, detail), Of(Decode(file)));
    }

    [Fact]
    public void A_dicom_file_with_a_tiff_header_in_its_preamble_is_dicom()
    {
        var file = new byte[200];
        "II*\0"u8.CopyTo(file);
        "DICM"u8.CopyTo(file.AsSpan(128));
        Assert.Null(PictureMagic.Of(file));
        Assert.Equal(PictureFormat.Tiff, PictureMagic.Of(file.AsSpan(0, 100)));
    }

    private static (Reason, string?) Of(DecodedPicture decoded) => (decoded.Reason, decoded.Detail);

    private static void SetTag(byte[] file, int tag, int value)
    {
        var at = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
        for (at += 2; BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at)) != tag; at += 12) { }
        if (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 2)) == 3) BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at + 8), (ushort)value);
        else BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 8), value);
    }

    private DecodedPicture Decode(ReadOnlySpan<byte> file) => PictureDecoder.Decode(file, PictureMagic.Of(file)!.Value, 1, _pool);
}
