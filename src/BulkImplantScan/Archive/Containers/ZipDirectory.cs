using System.Buffers.Binary;

namespace BulkImplantScan.Archive.Containers;

/// <summary>The central directory of a zip (APPNOTE 6.3.10, §4.3.12 to 4.3.16; zip64), its entries in the order of their data.</summary>
/// <remarks>In that order a disk is read front to back, and two entries that share data, as those of a bomb do, are neighbours.
/// .NET's ZipArchive lost: it makes objects and text of every entry before anyone can say stop, does not tell encrypted
/// entries, and does not notice shared data.</remarks>
internal sealed class ZipDirectory
{
    private const int EndBytes = 22, Zip64LocatorBytes = 20, Zip64EndBytes = 56, EntryBytes = 46;
    private const uint EndSignature = 0x06054b50, Zip64LocatorSignature = 0x07064b50, Zip64EndSignature = 0x06064b50, EntrySignature = 0x02014b50, LocalSignature = 0x04034b50;

    private readonly byte[] _bytes;
    private readonly (long Offset, int At)[] _order;

    private ZipDirectory(byte[] bytes, (long Offset, int At)[] order, bool isComplete)
    {
        (_bytes, _order, IsComplete) = (bytes, order, isComplete);
    }

    /// <summary>Entries.</summary>
    public int Count => _order.Length;

    /// <summary>False when the zip has members that this directory does not list, or the other way round.</summary>
    public bool IsComplete { get; }

    /// <summary>Reads the directory.</summary>
    /// <returns>Null when there is none: the zip breaks off.</returns>
    /// <exception cref="ContainerFaultException">It is damaged, or above the limits.</exception>
    public static ZipDirectory? Read(ByteSource source, long offset, long length, ArchiveLimits limits, CancellationToken stop)
    {
        using var zip = new SliceStream(source, offset, length, stop);
        var tail = new byte[(int)Math.Min(length, EndBytes + ushort.MaxValue + Zip64LocatorBytes)];
        zip.Position = length - tail.Length;
        zip.ReadExactly(tail);
        var end = FindEnd(tail);
        if (end < 0) return null;
        var record = tail.AsSpan(end);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        long bytes = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long first = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        var disks = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        var directoryEnd = length - tail.Length + end;
        var isZip64 = end >= Zip64LocatorBytes && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end - Zip64LocatorBytes)) == Zip64LocatorSignature;
        if (isZip64)
        {
            var locator = tail.AsSpan(end - Zip64LocatorBytes, Zip64LocatorBytes);
            var record64 = new byte[Zip64EndBytes];
            var at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
            if (!TryReadAt(zip, at, record64) || BinaryPrimitives.ReadUInt32LittleEndian(record64) != Zip64EndSignature)
                throw ContainerFaultException.Damaged("directory");
            count = BinaryPrimitives.ReadInt64LittleEndian(record64.AsSpan(32));
            bytes = BinaryPrimitives.ReadInt64LittleEndian(record64.AsSpan(40));
            first = BinaryPrimitives.ReadInt64LittleEndian(record64.AsSpan(48));
            disks = BinaryPrimitives.ReadUInt32LittleEndian(record64.AsSpan(16)) > 0 ? (ushort)1 : (ushort)0;
            directoryEnd = at;
        }

        if (disks is not (0 or ushort.MaxValue)) throw ContainerFaultException.Damaged("multi_volume");
        if (count > limits.Members) throw ContainerFaultException.Limit("members");
        if (bytes > limits.DirectoryBytes) throw ContainerFaultException.Limit("directory_bytes");
        if (count < 0 || bytes < 0 || bytes > directoryEnd || count * EntryBytes > bytes) throw ContainerFaultException.Damaged("directory");

        // The directory lies before its end; where it says it lies differs by what was put before the zip.
        var shift = directoryEnd - bytes - first;
        var directory = new byte[bytes];
        if (!TryReadAt(zip, directoryEnd - bytes, directory)) throw ContainerFaultException.Damaged("directory");
        var order = Order(directory, (int)count, shift, length, limits);

        // A writer that does not know zip64 lets the count begin anew at 65,536. And of two zips one behind the other, the last
        // directory knows the last one's members only, while the file begins with a member of the first.
        var isCounted = order.Length == count || (!isZip64 && (order.Length & ushort.MaxValue) == count);
        var start = new byte[4];
        var beginsWithMember = TryReadAt(zip, 0, start) && BinaryPrimitives.ReadUInt32LittleEndian(start) == LocalSignature;
        return new(directory, order, isCounted && !(beginsWithMember && (order.Length == 0 || order[0].Offset > 0)));
    }

    /// <summary>Entry <paramref name="number"/>, [0, <see cref="Count"/>), in the order of their data.</summary>
    public ZipEntry this[int number]
    {
        get
        {
            var at = _order[number].At;
            var entry = _bytes.AsSpan(at);
            var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]);
            var extra = entry.Slice(EntryBytes + nameBytes, BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]));
            var madeByUnix = entry[5] is 3 or 19;
            var mode = BinaryPrimitives.ReadUInt16LittleEndian(entry[40..]);
            long packed = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
            long unpacked = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
            long disk = BinaryPrimitives.ReadUInt16LittleEndian(entry[34..]);
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]);
            ReadZip64(extra, ref unpacked, ref packed, ref offset);
            return new(
                entry.Slice(EntryBytes, nameBytes).ToArray(),
                BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]),
                packed, unpacked, _order[number].Offset, madeByUnix && (mode & 0xF000) == 0xA000);
        }
    }

    /// <summary>Number of the entry whose local header is at <paramref name="offset"/>; −1 when there is none.</summary>
    public int NumberAt(long offset)
    {
        var number = Array.BinarySearch(_order, (offset, 0), Comparer<(long Offset, int At)>.Create((one, other) => one.Offset.CompareTo(other.Offset)));
        return Math.Max(number, -1);
    }

    /// <summary>Replaces the values that a zip64 extra field (§4.5.3) holds in place of 32 bits of ones.</summary>
    public static void ReadZip64(ReadOnlySpan<byte> extra, ref long unpacked, ref long packed, ref long offset)
    {
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4) return;
            var field = extra.Slice(4, length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                Take(ref unpacked, ref field);
                Take(ref packed, ref field);
                Take(ref offset, ref field);
                return;
            }

            extra = extra[(4 + length)..];
        }

        static void Take(ref long value, ref ReadOnlySpan<byte> field)
        {
            if (value != uint.MaxValue || field.Length < 8) return;
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
        }
    }

    // Backwards, as a comment may follow: the last signature whose comment does not reach behind the file.
    private static int FindEnd(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) == EndSignature &&
                at + EndBytes + BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) <= tail.Length) return at;
        }

        return -1;
    }

    private static (long Offset, int At)[] Order(ReadOnlySpan<byte> directory, int count, long shift, long length, ArchiveLimits limits)
    {
        var order = new List<(long Offset, int At)>(count);
        var at = 0;
        while (true)
        {
            if (directory.Length - at < EntryBytes || BinaryPrimitives.ReadUInt32LittleEndian(directory[at..]) != EntrySignature)
            {
                if (order.Count < count) throw ContainerFaultException.Damaged("directory");
                break;
            }

            if (order.Count == limits.Members) throw ContainerFaultException.Limit("members");
            var entry = directory[at..];
            var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]);
            var extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]);
            var next = EntryBytes + nameBytes + extraBytes + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
            if (next > entry.Length) throw ContainerFaultException.Damaged("directory");
            long unpacked = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
            long packed = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]);
            ReadZip64(entry.Slice(EntryBytes + nameBytes, extraBytes), ref unpacked, ref packed, ref offset);
            if (packed < 0 || unpacked < 0 || offset < 0 || offset > length || offset + shift < 0 || offset + shift > length)
                throw ContainerFaultException.Damaged("directory");
            order.Add((offset + shift, at));
            at += next;
        }

        order.Sort();
        return [.. order];
    }

    private static bool TryReadAt(SliceStream zip, long at, Span<byte> target)
    {
        if (at < 0 || at > zip.Length - target.Length) return false;
        zip.Position = at;
        return zip.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length;
    }
}
