using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace BulkImplantScan.Archive.Containers;

/// <summary>gzip (RFC 1952): one member or several, one behind the other, each checked by length and CRC-32.</summary>
/// <remarks>.NET's GZipStream takes a file that breaks off for one that ends, so the framing is read here, the deflated data
/// by .NET. What follows the last member and is none itself is passed over, as gzip does.</remarks>
internal sealed class GzipUnpacking(PushbackStream packed) : ReadOnlyStream
{
    private const int MaximumHeaderText = 64 << 10;

    private static ReadOnlySpan<byte> Magic => [0x1F, 0x8B];

    private readonly Crc32 _crc = new();
    private DeflateStream? _deflate;
    private uint _length;
    private bool _isOver;

    public override int Read(Span<byte> buffer)
    {
        while (!_isOver && buffer.Length > 0)
        {
            _deflate ??= Begin(isFirst: true);
            if (_deflate is null) break;
            var read = _deflate.Read(buffer);
            if (read > 0)
            {
                _crc.Append(buffer[..read]);
                _length += (uint)read;
                return read;
            }

            CheckTrailer();
            _deflate.Dispose();
            _deflate = Begin(isFirst: false);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deflate?.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private DeflateStream? Begin(bool isFirst)
    {
        Span<byte> header = stackalloc byte[10];
        var read = packed.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read < header.Length || !header.StartsWith(Magic) || header[2] != 8)
        {
            if (isFirst) throw ContainerFaultException.Damaged("truncated");
            _isOver = true;
            return null;
        }

        var flags = header[3];
        if ((flags & 4) != 0) // FEXTRA
        {
            Span<byte> length = stackalloc byte[2];
            packed.ReadExactly(length);
            Skip(BinaryPrimitives.ReadUInt16LittleEndian(length));
        }

        if ((flags & 8) != 0) SkipText(); // FNAME
        if ((flags & 16) != 0) SkipText(); // FCOMMENT
        if ((flags & 2) != 0) Skip(2); // FHCRC
        _crc.Reset();
        _length = 0;
        packed.Mark();
        return new(packed, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>Goes behind CRC-32 and length, which stand where the deflated data ends.</summary>
    /// <remarks>A DeflateStream has read on when it comes to that end, and does not tell where it was. But what must stand
    /// there is known: eight bytes, which do not come up by chance. Only those of an empty member, eight zeros, may begin in
    /// what is before them.</remarks>
    private void CheckTrailer()
    {
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        if (packed.TryGoBehind(trailer, Magic)) return;
        throw ContainerFaultException.Damaged(packed.Last(4).SequenceEqual(trailer[4..]) ? "crc" : "truncated");
    }

    private void SkipText()
    {
        for (var i = 0; i < MaximumHeaderText; i++)
        {
            var next = packed.ReadByte();
            if (next < 0) throw ContainerFaultException.Damaged("truncated");
            if (next == 0) return;
        }

        throw ContainerFaultException.Damaged("header");
    }

    private void Skip(int count)
    {
        for (var i = 0; i < count; i++)
            if (packed.ReadByte() < 0) throw ContainerFaultException.Damaged("truncated");
    }
}
