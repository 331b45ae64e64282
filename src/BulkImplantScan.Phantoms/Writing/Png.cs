using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace BulkImplantScan.Phantoms.Writing;

/// <summary>Grey 8-bit PNG.</summary>
internal static class Png
{
    /// <summary>Encodes rows · columns bytes.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> grey, int rows, int columns)
    {
        var target = new MemoryStream();
        target.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, columns);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], rows);
        header[8] = 8;
        Chunk(target, "IHDR"u8, header);
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var row = 0; row < rows; row++)
            {
                zlib.WriteByte(0);
                zlib.Write(grey.Slice(row * columns, columns));
            }
        }

        Chunk(target, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(target, "IEND"u8, []);
        return target.ToArray();
    }

    private static void Chunk(MemoryStream target, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        target.Write(number);
        target.Write(type);
        target.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        target.Write(number);
    }
}
