namespace BulkImplantScan.Archive.Containers;

/// <summary>Coders of 7z (7-Zip's DOC/Methods.txt) that are decoded; the values are their numbers.</summary>
internal enum SevenZipMethod : ulong
{
    Unknown = 0xFFFF_FFFF_FFFF_FFFF,
    Copy = 0x00,
    Lzma2 = 0x21,
    Lzma = 0x030101,
    Ppmd = 0x030401,
    Deflate = 0x040108,
    Deflate64 = 0x040109,
    Bzip2 = 0x040202,
    Zstandard = 0x04F71101,
}
