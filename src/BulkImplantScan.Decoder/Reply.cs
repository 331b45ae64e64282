using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>How it went.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Reply
{
    public const uint Word = 0x5245_504C;

    /// <summary>Bytes of the words that may follow.</summary>
    public const int MaxDetailBytes = 128;

    public uint Magic;
    public uint Sequence;
    public CodecStatus Status;
    public int Precision;
    public int Offset;
    public int DetailBytes;
    public long OutputBytes;
}
