using System.Buffers.Binary;
using System.IO.Hashing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>The IHDR chunk of a PNG file.</summary>
internal readonly record struct PngHeader(int Columns, int Rows, int Depth, int ColourType, bool IsInterlaced)
{
    /// <summary>Signature, and the IHDR chunk with its length, type and CRC.</summary>
    public const int Bytes = 8 + 8 + 13 + 4;

    /// <summary>Colour types.</summary>
    public const int Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, RgbAlpha = 6;

    private static ReadOnlySpan<byte> Start => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];

    /// <summary>Samples of a pixel in the file.</summary>
    public int Channels => ColourType switch { Rgb => 3, GreyAlpha => 2, RgbAlpha => 4, _ => 1 };

    /// <summary>Samples of a pixel once decoded.</summary>
    public int Samples => ColourType is Grey or GreyAlpha ? 1 : 3;

    /// <summary>Reads the header and checks it, limits included.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="header">Valid when the reason is None.</param>
    public static PictureHeader Read(in PictureBytes bytes, out PngHeader header)
    {
        header = default;
        Span<byte> head = stackalloc byte[Bytes];
        if (!bytes.TryRead(0, head)) return PictureHeader.Failed(Reason.MalformedDataSet, "IHDR", bytes.Length);
        if (!head.StartsWith(Start)) return PictureHeader.Failed(Reason.MalformedDataSet, "IHDR", 0);
        if (Crc32.HashToUInt32(head[12..29]) != BinaryPrimitives.ReadUInt32BigEndian(head[29..]))
            return PictureHeader.Failed(Reason.MalformedDataSet, "CRC of IHDR", 29);

        var (columns, rows) = (BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]));
        int depth = head[24], colourType = head[25];
        var isKnown = colourType switch
        {
            Grey => depth is 1 or 2 or 4 or 8 or 16,
            Palette => depth is 1 or 2 or 4 or 8,
            Rgb or GreyAlpha or RgbAlpha => depth is 8 or 16,
            _ => false,
        };
        if (!isKnown || columns is 0 or > int.MaxValue || rows is 0 or > int.MaxValue || head[26] != 0 || head[27] != 0 || head[28] > 1)
            return PictureHeader.Failed(Reason.MalformedDataSet, "IHDR", 16);

        header = new((int)columns, (int)rows, depth, colourType, head[28] == 1);
        return new PictureHeader
        {
            Rows = header.Rows,
            Columns = header.Columns,
            BitsStored = colourType == Palette ? 8 : depth,
            Photometric = colourType switch { Palette => "PALETTE COLOR", Grey or GreyAlpha => "MONOCHROME2", _ => "RGB" },
        }.Checked(header.Samples);
    }
}
