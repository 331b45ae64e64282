using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Reads a zip, zip64 as well: members stored, deflated (also deflate64), or packed with bzip2 or zstd.</summary>
/// <remarks>Each member is checked by its declared size and its CRC-32 when it is read to its end. A zip that lost its
/// directory, because it breaks off, is read by its local headers as far as these say how long the data is.</remarks>
internal sealed class ZipReader(
    ByteSource source, long offset, long length, UnpackBudget budget, ArchiveLimits limits, CancellationToken stop) : ContainerReader
{
    private const int LocalBytes = 30;
    private const uint LocalSignature = 0x04034b50;
    private const ushort HasDescriptor = 8;

    private readonly Crc32 _crc = new();
    private readonly byte[] _local = new byte[LocalBytes];
    private ZipDirectory? _directory;
    private bool _isOpen;
    private int _next; // entry of the directory
    private long _end; // of the data of the entry before
    private ZipEntry _entry;
    private long _data; // where the entry's data begins
    private Stream? _content;
    private long _left; // bytes of the content that are still to come

    public override bool HasDirectory => true;

    public override (ByteSource Source, long Offset)? Unpacked =>
        _entry.Method == ZipEntry.Stored && _entry.PackedBytes == _entry.Bytes ? (source, offset + _data) : null;

    public override void Dispose() => _content?.Dispose();

    protected internal override ContainerMember? Next()
    {
        Open();
        while (_directory is null || _next < _directory.Count)
        {
            if (_directory is null) ReadLocalEntry();
            else _entry = _directory[_next++];
            if (_entry.IsFolder)
            {
                if (_directory is null) _end = _data;
                continue;
            }

            return Enter();
        }

        return _directory.IsComplete ? null : throw ContainerFaultException.Damaged("directory");
    }

    protected internal override ContainerMember? Find(long at)
    {
        Open();
        if (_directory is null)
        {
            _end = at;
            ReadLocalEntry();
        }
        else
        {
            var number = _directory.NumberAt(at);
            if (number < 0) return null;
            _entry = _directory[number];
            _end = at; // whether it overlaps the one before was seen by the index
        }

        return Enter();
    }

    protected internal override int ReadContent(Span<byte> target)
    {
        _content ??= Unpack();
        var wanted = (int)Math.Min(target.Length, _left + 1); // one more than declared, to see whether there is more
        var read = _content.Read(target[..wanted]);
        _left -= read;
        if (_left < 0 || (read == 0 && _left > 0)) throw ContainerFaultException.Damaged("size");
        _crc.Append(target[..read]);
        if (read == 0 && _crc.GetCurrentHashAsUInt32() != _entry.Crc) throw ContainerFaultException.Damaged("crc");
        return read;
    }

    private void Open()
    {
        if (_isOpen) return;
        _isOpen = true;
        _directory = ZipDirectory.Read(source, offset, length, limits, stop);
    }

    private ContainerMember Enter()
    {
        _content?.Dispose();
        _content = null;
        _crc.Reset();
        _left = _entry.Bytes;
        if (_directory is not null && !TryFindData(out var fault)) return Refused(Reason.DamagedArchive, fault);
        if (_entry.Offset < _end) throw ContainerFaultException.Limit("overlap"); // as only bombs have it
        if (_entry.PackedBytes > length - _data)
        {
            if (_directory is null) _end = length; // nothing can follow
            return Refused(Reason.DamagedArchive, "truncated");
        }

        _end = _data + _entry.PackedBytes;
        if (_entry.IsLink) return Refused(Reason.NotDicom, "link");
        if (_entry.IsEncrypted) return Refused(Reason.DamagedArchive, "encrypted");
        if (!IsKnown(_entry.Method)) return Refused(Reason.DamagedArchive, string.Create(CultureInfo.InvariantCulture, $"method_{_entry.Method}"));
        if (_entry.Bytes > limits.FreeMemberBytes && _entry.Bytes / limits.Ratio > _entry.PackedBytes) return Refused(Reason.Limits, "ratio");
        budget.Spend(_entry.Bytes, _entry.PackedBytes);
        return new(_entry.Name, _entry.Offset, _entry.Bytes);
    }

    private ContainerMember Refused(Reason reason, string detail) => new(_entry.Name, _entry.Offset, _entry.Bytes, reason, detail);

    /// <summary>The local header tells where the data begins: its name and extra field need not be as long as the directory's.</summary>
    private bool TryFindData(out string fault)
    {
        fault = "header";
        _data = _entry.Offset;
        if (!source.TryRead(_local, offset + _entry.Offset, out var read)) throw new ContainerFaultException(Reason.UnreadableFile, "EIO");
        if (read < LocalBytes || BinaryPrimitives.ReadUInt32LittleEndian(_local) != LocalSignature) return false;
        _data += LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(_local.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(_local.AsSpan(28));
        return true;
    }

    /// <summary>In a zip without directory: the entry behind the one before.</summary>
    private void ReadLocalEntry()
    {
        var zip = new SliceStream(source, offset, length, stop) { Position = _end };
        if (zip.ReadAtLeast(_local, LocalBytes, throwOnEndOfStream: false) < LocalBytes ||
            BinaryPrimitives.ReadUInt32LittleEndian(_local) != LocalSignature)
        {
            throw ContainerFaultException.Damaged("truncated");
        }

        var local = _local.AsSpan();
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(local[6..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(local[18..]);
        long unpacked = BinaryPrimitives.ReadUInt32LittleEndian(local[22..]);
        var name = new byte[BinaryPrimitives.ReadUInt16LittleEndian(local[26..])];
        var extra = new byte[BinaryPrimitives.ReadUInt16LittleEndian(local[28..])];
        zip.ReadExactly(name);
        zip.ReadExactly(extra);
        var none = 0L;
        ZipDirectory.ReadZip64(extra, ref unpacked, ref packed, ref none);
        if (packed < 0 || unpacked < 0 || (flags & HasDescriptor) != 0) throw ContainerFaultException.Damaged("truncated");
        _entry = new(
            name, flags, BinaryPrimitives.ReadUInt16LittleEndian(local[8..]), BinaryPrimitives.ReadUInt32LittleEndian(local[14..]),
            packed, unpacked, _end, IsLink: false);
        _data = zip.Position;
    }

    private Stream Unpack()
    {
        var packed = new SliceStream(source, offset + _data, _entry.PackedBytes, stop);
        return _entry.Method switch
        {
            ZipEntry.Deflated => new DeflateStream(packed, CompressionMode.Decompress),
            ZipEntry.Deflated64 => Unpackers.Deflate64(packed),
            ZipEntry.Bzip2 => Unpackers.Bzip2(packed, isSeveral: false),
            ZipEntry.Zstandard => Unpackers.Zstandard(packed, limits),
            _ => packed,
        };
    }

    private static bool IsKnown(int method) =>
        method is ZipEntry.Stored or ZipEntry.Deflated or ZipEntry.Deflated64 or ZipEntry.Bzip2 or ZipEntry.Zstandard;
}
