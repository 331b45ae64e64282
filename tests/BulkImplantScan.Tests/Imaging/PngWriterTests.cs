using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

public class PngWriterTests
{
    [Fact]
    public void Grey_pixels_come_back() => AssertRoundTrip(1, 37, 11, PngWriter.Grey);

    [Fact]
    public void Colours_come_back() => AssertRoundTrip(3, 13, 29, PngWriter.Rgb);

    [Fact]
    public void The_same_pixels_give_the_same_bytes() =>
        Assert.Equal(PngWriter.Grey(new byte[600], 20, 30), PngWriter.Grey(new byte[600], 20, 30));

    [Fact]
    public void A_wrong_number_of_pixels_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PngWriter.Grey(new byte[10], 3, 3));
        Assert.Throws<ArgumentException>(() => PngWriter.Rgb(new byte[9], 3, 3));
        Assert.Throws<ArgumentException>(() => PngWriter.Grey([], 0, 0));
    }

    private delegate byte[] Writer(ReadOnlySpan<byte> pixels, int width, int height);

    private static void AssertRoundTrip(int channels, int width, int height, Writer write)
    {
        var pixels = new byte[channels * width * height];
        new Random(1).NextBytes(pixels);
        var png = write(pixels, width, height);

        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        var chunks = new List<(string Type, byte[] Data)>();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var typeAndData = png.AsSpan(at + 4, 4 + length);
            Assert.Equal(Crc32.HashToUInt32(typeAndData), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(typeAndData[..4]), typeAndData[4..].ToArray()));
            at += 12 + length;
        }

        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        Assert.Equal([0, 0, 0, (byte)width, 0, 0, 0, (byte)height, 8, (byte)(channels == 1 ? 0 : 2), 0, 0, 0], chunks[0].Data);

        using var zlib = new ZLibStream(new MemoryStream(chunks[1].Data), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        var filtered = raw.ToArray();
        var decoded = new byte[pixels.Length];
        var rowBytes = channels * width;
        Assert.Equal(height * (rowBytes + 1), filtered.Length);
        for (var y = 0; y < height; y++)
        {
            Assert.Equal(1, filtered[y * (rowBytes + 1)]); // filter type Sub
            for (var i = 0; i < rowBytes; i++)
            {
                var left = i < channels ? 0 : decoded[y * rowBytes + i - channels];
                decoded[y * rowBytes + i] = (byte)(filtered[y * (rowBytes + 1) + 1 + i] + left);
            }
        }

        Assert.Equal(pixels, decoded);
    }
}
