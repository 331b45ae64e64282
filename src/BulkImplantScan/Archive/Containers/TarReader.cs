using System.Buffers.Text;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Reads a tar: v7, ustar, pax (POSIX.1-2001) and GNU, from a file at any offset or from a stream front to back.</summary>
/// <remarks>Several tars one behind the other are read to the end of the last, as <c>tar -i</c> does. A tar without the block
/// of zeros that ends it breaks off. .NET's TarReader lost: it gives names as text, and reads what a header declares.</remarks>
internal sealed class TarReader : ContainerReader
{
    private readonly Stream _stream;
    private readonly ByteSource? _source;
    private readonly long _offset;
    private readonly ArchiveLimits _limits;
    private readonly byte[] _block = new byte[TarHeader.BlockBytes];
    private long _at; // of _stream
    private long _end; // of the content of the member
    private bool _hasEndMark;

    /// <summary>A tar that comes as a stream.</summary>
    public TarReader(Stream stream, ArchiveLimits limits) => (_stream, _limits) = (stream, limits);

    /// <summary>A tar that can be read at any offset.</summary>
    public TarReader(ByteSource source, long offset, long bytes, ArchiveLimits limits, CancellationToken stop)
        : this(new SliceStream(source, offset, bytes, stop), limits) => (_source, _offset) = (source, offset);

    public override bool HasDirectory => false;

    public override bool IsReadThrough => _source is null;

    public override (ByteSource Source, long Offset)? Unpacked => _source is null ? null : (_source, _offset + _end - Member.Bytes);

    public override void Dispose() => _stream.Dispose();

    protected internal override ContainerMember? Find(long at)
    {
        if (at < _at && _source is null) return null;
        Seek(_end = at);
        return Next() is { } member && member.At == at ? member : null;
    }

    protected internal override ContainerMember? Next()
    {
        Seek(PaddedEnd(_end));
        byte[]? longName = null;
        long? longBytes = null;
        var (at, isSparse) = (-1L, false);
        while (true)
        {
            var here = _at;
            if (!ReadBlock())
            {
                if (at < 0 && _hasEndMark) return null;
                throw ContainerFaultException.Damaged("truncated");
            }

            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                _hasEndMark = true;
                continue;
            }

            if (!TarHeader.IsHeader(_block))
            {
                if (!_hasEndMark || at >= 0) throw ContainerFaultException.Damaged("header");
                while (ReadBlock())
                {
                    // What stands behind the end is nobody's, but the sums of a gzip around it are behind that.
                }

                return null;
            }

            _hasEndMark = false;
            if (at < 0) at = here;
            var header = TarHeader.Read(_block);
            var bytes = header.Type is (byte)'L' or (byte)'K' or (byte)'x' or (byte)'g' ? header.Bytes : longBytes ?? header.Bytes;
            if (bytes < 0 || bytes > long.MaxValue - (2 * TarHeader.BlockBytes) - _at) throw ContainerFaultException.Damaged("header");
            switch (header.Type)
            {
                case (byte)'L': // GNU: name of the next
                    longName = TarHeader.Text(ReadRecord(bytes)).ToArray();
                    continue;
                case (byte)'x': // pax: of the next
                    ReadPax(ReadRecord(bytes), ref longName, ref longBytes, ref isSparse);
                    continue;
                case (byte)'K' or (byte)'g' or (byte)'V' or (byte)'M' or (byte)'N' or (byte)'X': // of no concern
                    Seek(PaddedEnd(_at + bytes));
                    continue;
            }

            var hasContent = header.Type is 0 or (byte)'0' or (byte)'7' or (byte)'S' || header.Type > (byte)'9';
            var name = longName ?? TarHeader.Name(_block);
            if (header.Type == (byte)'S') SkipSparseMap();
            _end = _at + (hasContent || header.Type == (byte)'D' ? bytes : 0);
            var isFolder = header.Type is (byte)'5' or (byte)'D' || (header.Type is 0 or (byte)'0' && name.AsSpan().EndsWith("/"u8));
            if (isFolder)
            {
                Seek(PaddedEnd(_end));
                (at, longName, longBytes, isSparse) = (-1, null, null, false);
                continue;
            }

            if (name.Length > _limits.NameBytes) throw ContainerFaultException.Limit("name");
            return header.Type switch
            {
                (byte)'1' => new(name, at, 0, Reason.NotDicom, "hard_link"),
                (byte)'2' => new(name, at, 0, Reason.NotDicom, "link"),
                (byte)'3' or (byte)'4' => new(name, at, 0, Reason.NotDicom, "device"),
                (byte)'6' => new(name, at, 0, Reason.NotDicom, "fifo"),
                // GNU tar -S packs files with holes into maps, of which there are four kinds; radiographs have no holes.
                (byte)'S' => new(name, at, bytes, Reason.DamagedArchive, "sparse"),
                _ when isSparse => new(name, at, bytes, Reason.DamagedArchive, "sparse"),
                _ when _source is not null && _end > _stream.Length => new(name, at, bytes, Reason.DamagedArchive, "truncated"),
                _ => new(name, at, bytes),
            };
        }
    }

    protected internal override int ReadContent(Span<byte> target)
    {
        var wanted = (int)Math.Min(target.Length, _end - _at);
        if (wanted == 0) return 0;
        var read = _stream.Read(target[..wanted]);
        if (read == 0) throw ContainerFaultException.Damaged("truncated");
        _at += read;
        return read;
    }

    private static long PaddedEnd(long end) => (end + TarHeader.BlockBytes - 1) / TarHeader.BlockBytes * TarHeader.BlockBytes;

    private bool ReadBlock()
    {
        var read = _stream.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false);
        _at += read;
        return read == _block.Length || (read > 0 && !_hasEndMark ? throw ContainerFaultException.Damaged("truncated") : false);
    }

    private void Seek(long to)
    {
        if (_source is not null)
        {
            _stream.Position = _at = to;
            return;
        }

        while (_at < to)
        {
            var read = _stream.Read(_block, 0, (int)Math.Min(_block.Length, to - _at));
            if (read == 0) throw ContainerFaultException.Damaged("truncated");
            _at += read;
        }
    }

    private byte[] ReadRecord(long bytes)
    {
        if (bytes > _limits.RecordBytes) throw ContainerFaultException.Limit("name");
        var record = new byte[bytes];
        _stream.ReadExactly(record);
        _at += bytes;
        Seek(PaddedEnd(_at));
        return record;
    }

    /// <summary>Records "length key=value\n"; only path and size concern us.</summary>
    private static void ReadPax(ReadOnlySpan<byte> records, ref byte[]? path, ref long? bytes, ref bool isSparse)
    {
        while (!records.IsEmpty)
        {
            if (!Utf8Parser.TryParse(records, out int length, out var digits) || length <= digits + 1 || length > records.Length)
                throw ContainerFaultException.Damaged("header");
            var record = records[(digits + 1)..(length - 1)]; // without the blank before and the line end behind
            records = records[length..];
            if (record.StartsWith("path="u8)) path = record["path=".Length..].ToArray();
            else if (record.StartsWith("GNU.sparse."u8)) isSparse = true;
            else if (record.StartsWith("size="u8))
            {
                if (!Utf8Parser.TryParse(record["size=".Length..], out long size, out _) || size < 0) throw ContainerFaultException.Damaged("header");
                bytes = size;
            }
        }
    }

    // Old GNU: as long as a block says so, another block of the map follows.
    private void SkipSparseMap()
    {
        var hasMore = _block[482] != 0;
        while (hasMore)
        {
            if (!ReadBlock()) throw ContainerFaultException.Damaged("truncated");
            hasMore = _block[504] != 0;
        }
    }
}
