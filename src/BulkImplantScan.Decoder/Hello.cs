using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>The first thing a decoder process says: that it is one, of this very build.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Hello
{
    public const uint Word = 0x4845_4C4F;

    public uint Magic;
    public int ProcessId;
    public Guid Build;

    /// <summary>Identity of this assembly; both sides load it.</summary>
    public static Guid ThisBuild => typeof(Hello).Module.ModuleVersionId;
}
