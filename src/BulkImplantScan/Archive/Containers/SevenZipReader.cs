using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using BulkImplantScan.Results;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.PPMd;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Reads a 7z: blocks packed with LZMA, LZMA2, PPMd, bzip2, deflate, zstd, or not at all.</summary>
/// <remarks>A block ("solid" in 7-Zip) holds many files and is read front to back; another block can be gone to at once.
/// The decoders are SharpCompress's, the container is read here (<see cref="SevenZipHeader"/> says why).</remarks>
internal sealed class SevenZipReader(
    ByteSource source, long offset, long length, UnpackBudget budget, ArchiveLimits limits, CancellationToken stop) : ContainerReader
{
    private const int SignatureBytes = 32;

    private readonly Crc32 _crc = new();
    private readonly byte[] _skipped = new byte[64 << 10];
    private SevenZipHeader? _header;
    private int _next; // file
    private SevenZipFile _file;
    private int _folder = -1; // that _block unpacks
    private int _inFolder; // file that _block stands in
    private Stream? _block;
    private long _left; // bytes to come of that file
    private bool _isBroken; // _block threw: what is behind in it is lost

    public override bool HasDirectory => true;

    private SevenZipHeader Header => _header ??= ReadHeader();

    public override void Dispose() => _block?.Dispose();

    protected internal override ContainerMember? Next()
    {
        while (_next < Header.Files.Length)
        {
            var number = _next++;
            if (!Header.Files[number].IsDirectory) return Enter(number);
        }

        return null;
    }

    protected internal override ContainerMember? Find(long at)
    {
        if (at < 0 || at >= Header.Files.Length) return null;
        var file = Header.Files[at];
        if (_folder >= 0 && file.Folder == _folder && (file.InFolder < _inFolder || (file.InFolder == _inFolder && _left < FileBytes(file))))
            _folder = -1; // behind in its block: from the front again
        return Enter((int)at);
    }

    protected internal override int ReadContent(Span<byte> target)
    {
        if (_file.Folder < 0) return 0;
        GoToFile();
        return ReadFile(target);
    }

    private long FileBytes(SevenZipFile file) => file.Folder < 0 ? 0 : Header.Folders[file.Folder].FileBytes[file.InFolder];

    private ContainerMember Enter(int number)
    {
        _file = Header.Files[number];
        var member = new ContainerMember(_file.Name, number, FileBytes(_file));
        if (_file.IsLink) return member with { Reason = Reason.NotDicom, Detail = "link" };
        if (_file.Folder < 0) return member;
        var folder = Header.Folders[_file.Folder];
        return folder.Method == SevenZipMethod.Unknown ? member with { Reason = Reason.DamagedArchive, Detail = folder.MethodName }
            : WindowBytes(folder) > limits.WindowBytes ? member with { Reason = Reason.Limits, Detail = "window" }
            : member;
    }

    private void GoToFile()
    {
        if (_folder != _file.Folder)
        {
            _block?.Dispose();
            _isBroken = false;
            (_folder, _inFolder) = (_file.Folder, 0);
            _block = Unpack(Header.Folders[_folder]);
            BeginFile();
        }

        while (_inFolder < _file.InFolder)
        {
            while (ReadFile(_skipped) > 0)
            {
            }

            _inFolder++;
            BeginFile();
        }
    }

    private void BeginFile()
    {
        _left = Header.Folders[_folder].FileBytes[_inFolder];
        _crc.Reset();
    }

    private int ReadFile(Span<byte> target)
    {
        if (_isBroken) throw ContainerFaultException.Damaged("corrupt");
        if (_left == 0)
        {
            // A CRC that is wrong is of this file alone: the block goes on.
            var isSkipped = _inFolder < _file.InFolder;
            if (!isSkipped && Header.Folders[_folder].FileCrcs[_inFolder] is { } crc && crc != _crc.GetCurrentHashAsUInt32())
                throw ContainerFaultException.Damaged("crc");
            return 0;
        }

        _isBroken = true;
        var wanted = target[..(int)Math.Min(target.Length, _left)];
        var read = _block!.Read(wanted);
        if (read == 0) throw ContainerFaultException.Damaged("truncated");
        _isBroken = false;
        _left -= read;
        _crc.Append(wanted[..read]);
        return read;
    }

    private SevenZipHeader ReadHeader()
    {
        Span<byte> signature = stackalloc byte[SignatureBytes];
        using (var start = new SliceStream(source, offset, length, stop)) start.ReadExactly(signature);
        if (Crc32.HashToUInt32(signature[12..]) != BinaryPrimitives.ReadUInt32LittleEndian(signature[8..])) throw ContainerFaultException.Damaged("header");
        var at = BinaryPrimitives.ReadInt64LittleEndian(signature[12..]);
        var bytes = BinaryPrimitives.ReadInt64LittleEndian(signature[20..]);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(signature[28..]);
        if (bytes > limits.DirectoryBytes) throw ContainerFaultException.Limit("directory_bytes");
        if (at < 0 || bytes < 0 || at > length - SignatureBytes || bytes > length - SignatureBytes - at) throw ContainerFaultException.Damaged("truncated");
        var header = new byte[bytes];
        using (var end = new SliceStream(source, offset + SignatureBytes + at, bytes, stop)) end.ReadExactly(header);
        if (Crc32.HashToUInt32(header) != crc) throw ContainerFaultException.Damaged("header");

        // A header that is packed once is usual, one that is packed more often nobody writes.
        if (SevenZipHeader.Parse(header, limits, out var packed) is { } plain) return plain;
        if (packed!.Method == SevenZipMethod.Unknown) throw ContainerFaultException.Damaged(packed.MethodName);
        if (packed.Bytes > limits.DirectoryBytes) throw ContainerFaultException.Limit("directory_bytes");
        if (WindowBytes(packed) > limits.WindowBytes) throw ContainerFaultException.Limit("window");
        header = new byte[packed.Bytes];
        using (var unpacking = Unpack(packed)) unpacking.ReadExactly(header);
        if (packed.Crc is { } sum && Crc32.HashToUInt32(header) != sum) throw ContainerFaultException.Damaged("header");
        return SevenZipHeader.Parse(header, limits, out _) ?? throw ContainerFaultException.Damaged("header");
    }

    /// <summary>Memory that the decoder will want.</summary>
    private static long WindowBytes(SevenZipFolder folder)
    {
        var properties = folder.Properties;
        return folder.Method switch
        {
            SevenZipMethod.Lzma or SevenZipMethod.Ppmd when properties.Length == 5 => BinaryPrimitives.ReadUInt32LittleEndian(properties.AsSpan(1)),
            SevenZipMethod.Lzma2 when properties is [<= 40] => properties[0] == 40 ? uint.MaxValue : (2L | (properties[0] & 1u)) << (properties[0] / 2 + 11),
            SevenZipMethod.Lzma or SevenZipMethod.Ppmd or SevenZipMethod.Lzma2 => long.MaxValue, // properties of another kind: not these
            _ => 0,
        };
    }

    private UnpackedStream Unpack(SevenZipFolder folder)
    {
        if (folder.PackedOffset > length || folder.PackedBytes > length - folder.PackedOffset) throw ContainerFaultException.Damaged("truncated");
        var packed = new SliceStream(source, offset + folder.PackedOffset, folder.PackedBytes, stop);
        Stream unpacking = folder.Method switch
        {
            SevenZipMethod.Copy => packed,
            SevenZipMethod.Lzma => LzmaStream.Create(folder.Properties, packed, folder.PackedBytes, folder.Bytes),
            SevenZipMethod.Lzma2 => LzmaStream.Create(folder.Properties, packed, folder.PackedBytes, folder.Bytes, null!, isLzma2: true),
            SevenZipMethod.Ppmd => PpmdStream.Create(new PpmdProperties(folder.Properties), packed, compress: false),
            SevenZipMethod.Bzip2 => Unpackers.Bzip2(packed, isSeveral: true),
            SevenZipMethod.Deflate => new DeflateStream(packed, CompressionMode.Decompress),
            SevenZipMethod.Deflate64 => Unpackers.Deflate64(packed),
            _ => Unpackers.Zstandard(packed, limits),
        };
        return new UnpackedStream(unpacking, packed, budget);
    }
}
