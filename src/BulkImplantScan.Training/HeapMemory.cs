using System.Runtime.InteropServices;

namespace BulkImplantScan.Training;

/// <summary>Keeps freed memory in the process.</summary>
/// <remarks>libtorch asks for each tensor and gives it back a moment later. glibc returns blocks of such sizes to the system at once, and the
/// next come as new pages, each of which the kernel has to find and to clear: measured in a virtual machine, 60 % of the processor time of
/// a training was the kernel's; so 7 %.</remarks>
internal static partial class HeapMemory
{
    // malloc.h
    private const int TrimThreshold = -1, TopPad = -2, MapCount = -4, ArenaCount = -8;

    /// <summary>To be called before libtorch is loaded; does nothing where there is no glibc.</summary>
    public static void Keep()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(MapCount, 0);
            _ = SetOption(TrimThreshold, int.MaxValue);
            _ = SetOption(TopPad, 256 << 20);
            _ = SetOption(ArenaCount, 1);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library: as fast as its allocator.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, int value);
}
