using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>One frame to decode: where in the shared memory it lies and where its cells go.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Request
{
    public const uint Word = 0x4445_434F;

    /// <summary>Bytes of a region's path.</summary>
    public const int MaxPathBytes = 1024;

    public uint Magic;
    public uint Sequence;
    public CodecFormat Format;
    public FrameShape Shape;

    /// <summary>Bytes of the path of a new region, which follow; 0: the region that is open.</summary>
    public int PathBytes;

    public long RegionBytes;

    /// <summary>The compressed bytes begin at 0.</summary>
    public long InputBytes;

    public long OutputOffset;

    /// <summary>What all of the process may take beyond what it had when it started.</summary>
    public long MemoryBytes;
}
