using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace BulkImplantScan.Tests.Archive.Containers;

/// <summary>Containers made by .NET.</summary>
internal static class Boxes
{
    public static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name, name.Contains("stored", StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Written byte by byte: with names that no packer would write.</summary>
    public static byte[] StoredZip(params (byte[] Name, byte[] Content)[] files)
    {
        var zip = new MemoryStream();
        var directory = new MemoryStream();
        foreach (var (name, content) in files)
        {
            var local = new byte[30];
            BinaryPrimitives.WriteUInt32LittleEndian(local, 0x04034b50);
            BinaryPrimitives.WriteUInt32LittleEndian(local.AsSpan(14), Crc32.HashToUInt32(content));
            BinaryPrimitives.WriteInt32LittleEndian(local.AsSpan(18), content.Length);
            BinaryPrimitives.WriteInt32LittleEndian(local.AsSpan(22), content.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(local.AsSpan(26), (ushort)name.Length);
            var entry = new byte[46];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, 0x02014b50);
            local.AsSpan(4, 26).CopyTo(entry.AsSpan(6));
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(42), (uint)zip.Length);
            directory.Write([.. entry, .. name]);
            zip.Write([.. local, .. name, .. content]);
        }

        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)files.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)files.Length);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(12), (int)directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)zip.Length);
        return [.. zip.ToArray(), .. directory.ToArray(), .. end];
    }

    public static byte[] Tar(params (string Name, byte[] Content)[] files) => Tar(TarEntryFormat.Pax, files);

    public static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, name),
                };
                entry.ModificationTime = DateTimeOffset.UnixEpoch; // the same bytes each time
                entry.DataStream = new MemoryStream(content);
                tar.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(content);
        return stream.ToArray();
    }

    public static byte[] Zstandard(byte[] content)
    {
        using var compressor = new ZstdSharp.Compressor();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(content).ToArray();
    }

    public static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
