using System.Buffers.Binary;

namespace BulkImplantScan.Dicom;

/// <summary>Where deflated bytes begin: DICOM wants them bare (PS3.5 A.5), some writers leave zlib's header before them.</summary>
internal static class DeflatedBytes
{
    private const int ZlibHeaderBytes = 2;

    /// <summary>Bytes before the first deflated block: 0, or 2 of zlib's header (RFC 1950).</summary>
    /// <remarks>Read as a bare block, the header's first byte (x8) is a stored one; its length is then said twice, the second time
    /// inverted, which the bytes of a compressed block do not happen to do.</remarks>
    public static int Start(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 5 || (bytes[0] & 0x8F) != 0x08 || (bytes[1] & 0x20) != 0) return 0;
        if (BinaryPrimitives.ReadUInt16BigEndian(bytes) % 31 != 0) return 0;
        var isStored = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]) == (ushort)~BinaryPrimitives.ReadUInt16LittleEndian(bytes[3..]);
        return isStored ? 0 : ZlibHeaderBytes;
    }
}
