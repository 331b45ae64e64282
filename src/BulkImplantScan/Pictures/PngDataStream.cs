using System.Buffers.Binary;
using BulkImplantScan.Archive;

namespace BulkImplantScan.Pictures;

/// <summary>The data of all IDAT chunks as one stream, for the inflater.</summary>
/// <param name="file">The file, which stays where it is; its chunks were walked before.</param>
/// <param name="chunks">Where the chunks lie.</param>
internal sealed unsafe class PngDataStream(byte* file, PngChunks chunks) : ReadOnlyStream
{
    private const int Around = 12;
    private int _at = chunks.FirstData;
    private int _left = -1; // of the chunk; -1: its head is still to be read

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (_left <= 0)
        {
            if (_left == 0) (_at, _left) = (_at + 4, -1); // its CRC
            if (_at >= chunks.End) return 0;
            var head = new ReadOnlySpan<byte>(file + _at, 8);
            var length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (head[4..].SequenceEqual("IDAT"u8)) (_at, _left) = (_at + 8, length);
            else _at += Around + length;
        }

        var count = Math.Min(buffer.Length, _left);
        new ReadOnlySpan<byte>(file + _at, count).CopyTo(buffer);
        (_at, _left) = (_at + count, _left - count);
        return count;
    }
}
