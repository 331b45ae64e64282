using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace BulkImplantScan.Tests.Pictures;

/// <summary>Writes PNG files, right or wrong.</summary>
internal static class TestPng
{
    /// <summary>A film of 16 bits.</summary>
    public static byte[] Grey16(int columns, int rows, ReadOnlySpan<ushort> pixels)
    {
        var raw = new byte[rows * (1 + 2 * columns)];
        for (var i = 0; i < pixels.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(raw.AsSpan(i / columns * (1 + 2 * columns) + 1 + i % columns * 2), pixels[i]);
        return Write(columns, rows, 16, 0, raw);
    }

    /// <summary>Any header, any filtered rows.</summary>
    public static byte[] Write(int columns, int rows, byte depth, byte colourType, ReadOnlySpan<byte> rowsWithFilters, byte[]? palette = null)
    {
        var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, columns);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], rows);
        (header[8], header[9]) = (depth, colourType);
        Chunk(png, "IHDR"u8, header);
        if (palette is not null) Chunk(png, "PLTE"u8, palette);
        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(rowsWithFilters);
        Chunk(png, "IDAT"u8, data.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] typed = [.. type, .. data];
        png.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(typed));
        png.Write(number);
    }
}
