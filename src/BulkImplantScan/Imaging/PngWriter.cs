using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace BulkImplantScan.Imaging;

/// <summary>Images of 8 bits as PNG files (PNG 3rd edition, W3C 2025): grey or RGB, no metadata, the same bytes for the same pixels.</summary>
/// <remarks>The same bytes on one build of .NET: its deflate may change with a version. Tests compare pixels.</remarks>
public static class PngWriter
{
    private const byte GreyType = 0, RgbType = 2;

    /// <summary>A grey image, row after row, 0 black.</summary>
    /// <exception cref="ArgumentException">Not width · height pixels.</exception>
    public static byte[] Grey(ReadOnlySpan<byte> pixels, int width, int height) => Write(pixels, width, height, GreyType, 1);

    /// <summary>An RGB image, three bytes a pixel, row after row.</summary>
    /// <exception cref="ArgumentException">Not 3 · width · height bytes.</exception>
    public static byte[] Rgb(ReadOnlySpan<byte> pixels, int width, int height) => Write(pixels, width, height, RgbType, 3);

    private static byte[] Write(ReadOnlySpan<byte> pixels, int width, int height, byte colourType, int bytesPerPixel)
    {
        if (width < 1 || height < 1 || pixels.Length != (long)width * height * bytesPerPixel)
            throw new ArgumentException("not width · height pixels", nameof(pixels));

        var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = colourType;
        header[10..].Clear(); // deflate, the five filters, not interlaced
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, Compress(pixels, width * bytesPerPixel, bytesPerPixel));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> pixels, int rowBytes, int bytesPerPixel)
    {
        const byte sub = 1; // each byte less its left neighbour: what is smooth becomes small
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var filtered = new byte[1 + rowBytes];
            filtered[0] = sub;
            for (; pixels.Length > 0; pixels = pixels[rowBytes..])
            {
                for (var i = 0; i < rowBytes; i++)
                    filtered[1 + i] = (byte)(pixels[i] - (i < bytesPerPixel ? 0 : pixels[i - bytesPerPixel]));
                zlib.Write(filtered);
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    /// <summary>Length, type, data, CRC-32 of type and data.</summary>
    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        png.Write(number);
    }
}
