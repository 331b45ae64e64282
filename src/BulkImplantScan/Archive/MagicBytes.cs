namespace BulkImplantScan.Archive;

/// <summary>What a file that is no DICOM is by its first bytes: tells a user whether films hide in it.</summary>
internal static class MagicBytes
{
    /// <summary>Name of the kind; null when it is none of those known.</summary>
    public static string? NameOf(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? "png"
        : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "jpeg"
        : file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) ? "tiff"
        : file.StartsWith("II+\0"u8) || file.StartsWith("MM\0+"u8) ? "bigtiff"
        : file.StartsWith("%PDF"u8) ? "pdf"
        : file.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "gzip"
        : file.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF]) ? "7z"
        : file.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? "xz"
        : file.StartsWith("Rar!"u8) ? "rar"
        : file.Length > 262 && file[257..].StartsWith("ustar"u8) ? "tar"
        : file.StartsWith("PAR1"u8) ? "parquet"
        : file.StartsWith("BM"u8) ? "bmp"
        : file.StartsWith("GIF8"u8) ? "gif"
        : null;
}
