namespace BulkImplantScan.Archive.Containers;

/// <summary>Tells a container by its first bytes.</summary>
internal static class ContainerMagic
{
    /// <summary>Bytes that decide: a tar's first block.</summary>
    public const int HeadBytes = TarHeader.BlockBytes;

    /// <summary>The format, or None.</summary>
    /// <param name="head">First bytes of the file, <see cref="HeadBytes"/> when it has so many.</param>
    public static ContainerFormat Of(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8) ? ContainerFormat.Zip
        : head.StartsWith("PK\u0007\u0008PK\u0003\u0004"u8) ? ContainerFormat.Zip // was to be split, then was not
        : head.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C]) ? ContainerFormat.SevenZip
        : head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 8]) ? ContainerFormat.Gzip
        : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? ContainerFormat.Zstandard
        : head.StartsWith("BZh"u8) && head.Length >= 10 && head[4..].StartsWith((ReadOnlySpan<byte>)[0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) ? ContainerFormat.Bzip2
        : TarHeader.IsHeader(head) ? ContainerFormat.Tar
        : ContainerFormat.None;

    /// <summary>True for formats that are read by a directory and at any offset, not front to back.</summary>
    public static bool HasDirectory(ContainerFormat format) => format is ContainerFormat.Zip or ContainerFormat.SevenZip;
}
