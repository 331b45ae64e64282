using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;

namespace BulkImplantScan.Benchmarks.Pictures;

/// <summary>An exported film of 2500 × 2048, 12 bits in 16, as PNG with the Paeth filter and as TIFF without compression.</summary>
[MemoryDiagnoser]
public class PictureBenchmarks
{
    private const int Rows = 2500, Columns = 2048;

    private static readonly PixelBufferPool Pool = new();

    private byte[] _png = [], _tiff = [];

    /// <summary>Writes the files.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var film = new ushort[Rows * Columns];
        var random = new Random(1);
        for (var i = 0; i < film.Length; i++)
            film[i] = (ushort)(2000 + 1500 * Math.Sin(i % Columns / 300.0) * Math.Cos(i / Columns / 400.0) + random.Next(16));
        _png = Png(film);
        _tiff = Tiff(film);
    }

    /// <summary>Decodes the PNG file.</summary>
    [Benchmark]
    public int Png_2500x2048_u16() => Decode(_png, PictureFormat.Png);

    /// <summary>Decodes the TIFF file.</summary>
    [Benchmark(Baseline = true)]
    public int Tiff_2500x2048_u16() => Decode(_tiff, PictureFormat.Tiff);

    private static int Decode(byte[] file, PictureFormat format)
    {
        using var pixels = PictureDecoder.Decode(file, format, 1, Pool).Pixels;
        return pixels!.Rows;
    }

    private static byte[] Png(ushort[] film)
    {
        const int rowBytes = 2 * Columns;
        var rows = new byte[(1 + rowBytes) * Rows];
        var (row, above) = (new byte[rowBytes], new byte[rowBytes]);
        for (var y = 0; y < Rows; y++)
        {
            for (var x = 0; x < Columns; x++) BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(2 * x), film[y * Columns + x]);
            var target = rows.AsSpan(y * (1 + rowBytes), 1 + rowBytes);
            target[0] = 4;
            for (var i = 0; i < rowBytes; i++)
            {
                int left = i < 2 ? 0 : row[i - 2], up = above[i], corner = i < 2 ? 0 : above[i - 2];
                int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - 2 * corner);
                target[1 + i] = (byte)(row[i] - (toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner));
            }

            (row, above) = (above, row);
        }

        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(rows);
        var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Columns);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Rows);
        header[8] = 16;
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, data.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] typed = [.. type, .. data];
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(typed));
        png.Write(number);
    }

    private static byte[] Tiff(ushort[] film)
    {
        (ushort Tag, uint Value)[] entries = [(256, Columns), (257, Rows), (258, 16), (259, 1), (262, 1), (273, 200), (277, 1), (278, Rows), (279, 2 * Rows * Columns)];
        var file = new byte[200 + 2 * film.Length];
        "II*\0"u8.CopyTo(file);
        file[4] = 8;
        file[8] = (byte)entries.Length;
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = file.AsSpan(10 + 12 * i);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], 4);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], entries[i].Value);
        }

        for (var i = 0; i < film.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(200 + 2 * i), film[i]);
        return file;
    }
}
