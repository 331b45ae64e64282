using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Deflate64;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Decompressors that several formats share; each owns the stream it is given.</summary>
internal static class Unpackers
{
    /// <summary>zstd (RFC 8878), its window bounded.</summary>
    public static DecompressionStream Zstandard(Stream packed, ArchiveLimits limits)
    {
        var unpacking = new DecompressionStream(packed, leaveOpen: false);
        unpacking.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, (int)Math.Log2(limits.WindowBytes));
        return unpacking;
    }

    /// <summary>bzip2.</summary>
    /// <param name="packed">Where it begins.</param>
    /// <param name="isSeveral">Others may follow, and count.</param>
    public static Stream Bzip2(Stream packed, bool isSeveral) => BZip2Stream.Create(packed, CompressionMode.Decompress, isSeveral);

    /// <summary>Deflate64, which PKZIP made and nobody specified.</summary>
    public static Stream Deflate64(Stream packed) => new Deflate64Stream(packed, CompressionMode.Decompress);
}
