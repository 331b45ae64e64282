using System.IO.Compression;
using Parquet;

namespace BulkImplantScan.Results;

/// <summary>How Parquet is written here: the same for the inventory and for parts.</summary>
internal static class ParquetFile
{
    /// <summary>Zstandard at its everyday level; dates are dates.</summary>
    public static ParquetOptions Options => new()
    {
        CompressionMethod = CompressionMethod.Zstd,
        CompressionLevel = CompressionLevel.Fastest,
        UseDateOnlyTypeForDates = true,
    };

    /// <summary>True for what a damaged or foreign Parquet file makes the library throw.</summary>
    public static bool IsDamage(Exception e) =>
        e is InvalidDataException or ParquetException or IOException or ArgumentException or InvalidOperationException
            or NotSupportedException or OverflowException or IndexOutOfRangeException or FormatException or NullReferenceException
            or OutOfMemoryException or KeyNotFoundException or InvalidCastException or ZstdSharp.ZstdException;
}
