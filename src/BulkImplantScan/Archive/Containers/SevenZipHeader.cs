using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace BulkImplantScan.Archive.Containers;

/// <summary>The header of a 7z (7-Zip's DOC/7zFormat.txt): where its blocks are, how they are packed, which files they hold.</summary>
/// <remarks>Read here and not by SharpCompress, whose reader allots what a header declares: fifty bytes may claim two thousand
/// million files. Here each count is held against the bytes that must follow it before anything is allotted.</remarks>
internal sealed class SevenZipHeader
{
    private const int End = 0, Header = 1, ArchiveProperties = 2, MainStreams = 4, FilesInfo = 5, PackInfo = 6, UnpackInfo = 7,
        SubStreams = 8, Size = 9, Crc = 10, Folder = 11, CodersUnpackSize = 12, NumUnpackStream = 13, EmptyStream = 14,
        EmptyFile = 15, Names = 17, Attributes = 21, EncodedHeader = 23;

    private const int MaximumCoders = 8;

    private SevenZipHeader(SevenZipFolder[] folders, SevenZipFile[] files)
    {
        (Folders, Files) = (folders, files);
    }

    /// <summary>Blocks, in order.</summary>
    public SevenZipFolder[] Folders { get; }

    /// <summary>Files, in order.</summary>
    public SevenZipFile[] Files { get; }

    /// <summary>Reads the bytes of a header.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="limits">Bound the number of files.</param>
    /// <param name="packed">Where it is packed itself: the block that holds it; the result is null then.</param>
    public static SevenZipHeader? Parse(ReadOnlySpan<byte> bytes, ArchiveLimits limits, out SevenZipFolder? packed)
    {
        packed = null;
        if (bytes.IsEmpty) return new([], []); // a 7z of nothing
        var header = new SevenZipNumbers(bytes);
        var kind = header.Byte();
        if (kind == EncodedHeader)
        {
            var folders = ReadStreams(ref header, limits);
            packed = folders.Length == 1 ? folders[0] : throw ContainerFaultException.Damaged("header");
            return null;
        }

        if (kind != Header) throw ContainerFaultException.Damaged("header");
        SevenZipFolder[] streams = [];
        SevenZipFile[] files = [];
        for (var next = header.Byte(); next != End; next = header.Byte())
        {
            switch (next)
            {
                case ArchiveProperties:
                    while (header.Byte() != End) header.Take(header.Number());
                    break;
                case MainStreams:
                    streams = ReadStreams(ref header, limits);
                    break;
                case FilesInfo:
                    files = ReadFiles(ref header, streams, limits);
                    break;
                default:
                    throw ContainerFaultException.Damaged("header");
            }
        }

        return new(streams, files);
    }

    private static SevenZipFolder[] ReadStreams(ref SevenZipNumbers header, ArchiveLimits limits)
    {
        var (packOffset, packedBytes) = (0L, Array.Empty<long>());
        SevenZipFolder[] folders = [];
        for (var next = header.Byte(); next != End; next = header.Byte())
        {
            switch (next)
            {
                case PackInfo:
                    packedBytes = ReadPackInfo(ref header, limits, out packOffset);
                    break;
                case UnpackInfo:
                    folders = ReadFolders(ref header, limits, packOffset, packedBytes);
                    break;
                case SubStreams:
                    ReadSubStreams(ref header, folders, limits);
                    break;
                default:
                    throw ContainerFaultException.Damaged("header");
            }
        }

        return folders;
    }

    private static long[] ReadPackInfo(ref SevenZipNumbers header, ArchiveLimits limits, out long offset)
    {
        offset = header.Number();
        var bytes = new long[header.Count(limits.Members, bits: 8)];
        for (var next = header.Byte(); next != End; next = header.Byte())
        {
            if (next == Size)
                for (var i = 0; i < bytes.Length; i++) bytes[i] = header.Number();
            else if (next == Crc) header.Digests(bytes.Length);
            else throw ContainerFaultException.Damaged("header");
        }

        return bytes;
    }

    private static SevenZipFolder[] ReadFolders(ref SevenZipNumbers header, ArchiveLimits limits, long packOffset, long[] packedBytes)
    {
        if (header.Byte() != Folder) throw ContainerFaultException.Damaged("header");
        var folders = new SevenZipFolder[header.Count(limits.Members, bits: 16)];
        if (header.Byte() != 0) throw ContainerFaultException.Damaged("header"); // in a place of its own: nobody writes it
        var outputs = new (int Count, int Main)[folders.Length];
        var offset = 32 + packOffset; // behind the signature header
        var nextPacked = 0;
        for (var i = 0; i < folders.Length; i++)
        {
            folders[i] = ReadFolder(ref header, out var packedStreams, out outputs[i]);
            var bytes = 0L;
            for (var stream = 0; stream < packedStreams; stream++)
                bytes = checked(bytes + (nextPacked < packedBytes.Length ? packedBytes[nextPacked++] : throw ContainerFaultException.Damaged("header")));
            folders[i] = folders[i] with { PackedOffset = offset, PackedBytes = bytes };
            offset = checked(offset + bytes);
        }

        if (header.Byte() != CodersUnpackSize) throw ContainerFaultException.Damaged("header");
        for (var i = 0; i < folders.Length; i++)
        {
            for (var output = 0; output < outputs[i].Count; output++)
            {
                var bytes = header.Number();
                if (output == outputs[i].Main) folders[i] = folders[i] with { Bytes = bytes, FileBytes = [bytes] };
            }
        }

        for (var next = header.Byte(); next != End; next = header.Byte())
        {
            if (next != Crc) throw ContainerFaultException.Damaged("header");
            var digests = header.Digests(folders.Length);
            for (var i = 0; i < folders.Length; i++) folders[i] = folders[i] with { Crc = digests[i], FileCrcs = [digests[i]] };
        }

        return folders;
    }

    private static SevenZipFolder ReadFolder(ref SevenZipNumbers header, out int packedStreams, out (int Count, int Main) outputs)
    {
        var coders = header.Count(MaximumCoders);
        if (coders == 0) throw ContainerFaultException.Damaged("header");
        var (inputs, outputCount) = (0, 0);
        var (method, properties, name, isEncrypted) = (SevenZipMethod.Unknown, Array.Empty<byte>(), "", false);
        for (var coder = 0; coder < coders; coder++)
        {
            var flags = header.Byte();
            var id = 0UL;
            foreach (var part in header.Take(flags & 0x0F)) id = id << 8 | part;
            var (ins, outs) = (flags & 0x10) != 0 ? (header.Count(32), header.Count(32)) : (1, 1);
            properties = (flags & 0x20) != 0 ? header.Take(header.Number()).ToArray() : [];
            (inputs, outputCount) = (inputs + ins, outputCount + outs);
            isEncrypted |= id == 0x06F10701; // AES-256
            method = Enum.IsDefined((SevenZipMethod)id) ? (SevenZipMethod)id : SevenZipMethod.Unknown;
            name = string.Create(CultureInfo.InvariantCulture, $"method_{id:x}");
        }

        // Which output feeds which input; the one that feeds none is the folder's.
        var isBound = new bool[outputCount];
        for (var pair = 0; pair < outputCount - 1; pair++)
        {
            header.Number();
            var output = header.Number();
            if (output >= outputCount) throw ContainerFaultException.Damaged("header");
            isBound[output] = true;
        }

        packedStreams = inputs - (outputCount - 1);
        if (packedStreams < 1 || outputCount < 1) throw ContainerFaultException.Damaged("header");
        for (var stream = 0; packedStreams > 1 && stream < packedStreams; stream++) header.Number();
        outputs = (outputCount, Math.Max(0, Array.IndexOf(isBound, false)));

        // Chains of coders are for programs (BCJ, BCJ2) and passwords; films are packed by one.
        if (isEncrypted) (method, name) = (SevenZipMethod.Unknown, "encrypted");
        else if (coders > 1 || inputs > 1) method = SevenZipMethod.Unknown;
        return new(method, name, properties, 0, 0, 0, null, 1);
    }

    private static void ReadSubStreams(ref SevenZipNumbers header, SevenZipFolder[] folders, ArchiveLimits limits)
    {
        var next = header.Byte();
        var files = 0L;
        if (next == NumUnpackStream)
        {
            for (var i = 0; i < folders.Length; i++)
            {
                var count = header.Count(limits.Members);
                if ((files += count) > limits.Members) throw ContainerFaultException.Limit("members");
                if (count > 1 && count - 1 > header.Left) throw ContainerFaultException.Damaged("header"); // a size of a byte or more each
                folders[i] = folders[i] with { Files = count, FileBytes = new long[count], FileCrcs = new uint?[count] };
            }

            next = header.Byte();
        }

        foreach (var folder in folders)
        {
            if (folder.Files == 0) continue;
            var left = folder.Bytes;
            for (var i = 0; i < folder.Files - 1; i++)
            {
                if (next != Size) throw ContainerFaultException.Damaged("header");
                folder.FileBytes[i] = header.Number();
                left -= folder.FileBytes[i];
                if (left < 0) throw ContainerFaultException.Damaged("header");
            }

            folder.FileBytes[^1] = left;
        }

        if (next == Size) next = header.Byte();
        var isKnown = (SevenZipFolder folder) => folder.Files == 1 && folder.Crc is not null;
        foreach (var folder in folders)
            if (isKnown(folder)) folder.FileCrcs[0] = folder.Crc;
        for (; next != End; next = header.Byte())
        {
            if (next != Crc) throw ContainerFaultException.Damaged("header");
            var digests = header.Digests(folders.Sum(folder => isKnown(folder) ? 0 : folder.Files));
            var digest = 0;
            foreach (var folder in folders.Where(folder => !isKnown(folder)))
                for (var i = 0; i < folder.Files; i++) folder.FileCrcs[i] = digests[digest++];
        }
    }

    private static SevenZipFile[] ReadFiles(ref SevenZipNumbers header, SevenZipFolder[] folders, ArchiveLimits limits)
    {
        var files = header.Count(limits.Members, bits: 16); // a name of one NUL at least
        var names = new byte[files][];
        var isEmptyStream = new bool[files];
        bool[] isEmptyFile = [];
        var isLink = new bool[files];
        for (var property = header.Byte(); property != End; property = header.Byte())
        {
            var value = new SevenZipNumbers(header.Take(header.Number()));
            switch (property)
            {
                case EmptyStream:
                    isEmptyStream = value.Bits(files);
                    break;
                case EmptyFile:
                    isEmptyFile = value.Bits(isEmptyStream.Count(empty => empty));
                    break;
                case Names:
                    ReadNames(ref value, names, limits);
                    break;
                case Attributes:
                    var isThere = value.BitsOrAll(files);
                    if (value.Byte() != 0) break; // in a place of its own
                    for (var i = 0; i < files; i++)
                        if (isThere[i]) isLink[i] = value.UInt32() is var bits && (bits & 0x8000) != 0 && (bits >> 28) == 0xA; // S_IFLNK above p7zip's mark
                    break;
            }
        }

        var result = new SevenZipFile[files];
        var (folder, inFolder, empty) = (0, 0, 0);
        for (var i = 0; i < files; i++)
        {
            var name = names[i] ?? throw ContainerFaultException.Damaged("header");
            if (isEmptyStream[i])
            {
                result[i] = new(name, -1, 0, isEmptyFile.Length == 0 || !isEmptyFile[empty], false);
                empty++;
                continue;
            }

            while (folder < folders.Length && inFolder >= folders[folder].Files) (folder, inFolder) = (folder + 1, 0);
            if (folder == folders.Length) throw ContainerFaultException.Damaged("header");
            result[i] = new(name, folder, inFolder++, false, isLink[i]);
        }

        return result;
    }

    private static void ReadNames(ref SevenZipNumbers value, byte[][] names, ArchiveLimits limits)
    {
        if (value.Byte() != 0) throw ContainerFaultException.Damaged("header"); // in a place of its own
        var text = MemoryMarshal.Cast<byte, char>(value.Take(value.Left / 2 * 2));
        for (var i = 0; i < names.Length; i++)
        {
            var end = text.IndexOf('\0');
            if (end < 0) throw ContainerFaultException.Damaged("header");
            if (end > limits.NameBytes) throw ContainerFaultException.Limit("name");
            names[i] = Encoding.UTF8.GetBytes(text[..end].ToArray());
            text = text[(end + 1)..];
        }
    }
}
