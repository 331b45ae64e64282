namespace BulkImplantScan.Archive.Containers;

/// <summary>One entry of a zip, from its directory or, in a zip that lost it, from its local header.</summary>
/// <param name="Name">Path in the zip, as it stands there (UTF-8 or code page 437).</param>
/// <param name="Flags">General purpose bits.</param>
/// <param name="Method">Compression method.</param>
/// <param name="Crc">CRC-32 of the content.</param>
/// <param name="PackedBytes">Size in the zip.</param>
/// <param name="Bytes">Size of the content.</param>
/// <param name="Offset">Of the local header.</param>
/// <param name="IsLink">A symbolic link of Unix.</param>
internal readonly record struct ZipEntry(
    byte[] Name, ushort Flags, ushort Method, uint Crc, long PackedBytes, long Bytes, long Offset, bool IsLink)
{
    public const int Stored = 0, Deflated = 8, Deflated64 = 9, Bzip2 = 12, Zstandard = 93;

    public bool IsEncrypted => (Flags & 1) != 0 || Method == 99;

    public bool IsFolder => Name.AsSpan().EndsWith("/"u8) && Bytes == 0;
}
