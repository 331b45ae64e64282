using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Inference;

/// <summary>The calls of the CUDA driver that ILGPU does not make.</summary>
/// <remarks>Each returns a CUresult, 0 for success: docs.nvidia.com, "CUDA Driver API". All are for the context that is current on the thread.</remarks>
internal static partial class CudaDriver
{
    /// <summary>File that the driver installs on Linux.</summary>
    private const string Library = "libcuda.so.1";

    private static readonly Lazy<bool> Resolved = new(() =>
    {
        // WSL keeps its driver elsewhere, and ILGPU has a rule of its own for that; a second resolver would throw.
        if (!OperatingSystem.IsLinux() || Directory.Exists("/usr/lib/wsl/lib")) return false;
        NativeLibrary.SetDllImportResolver(typeof(CudaAccelerator).Assembly, (name, _, _) =>
            name == "cuda" && NativeLibrary.TryLoad(Library, out var driver) ? driver : 0);
        return true;
    });

    /// <summary>Maps ILGPU's <c>cuda</c> to the file that drivers install. Call before ILGPU looks for devices.</summary>
    public static void Resolve() => _ = Resolved.Value;

    /// <summary>Newest CUDA version that the driver runs, as 1000 · major + 10 · minor; null without a driver.</summary>
    public static int? Version()
    {
        try
        {
            return GetVersion(out var version) == 0 ? version : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    public static partial int RetainPrimary(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    public static partial int ReleasePrimary(int device);

    [LibraryImport(Library, EntryPoint = "cuCtxSetCurrent")]
    public static partial int SetCurrent(nint context);

    [LibraryImport(Library, EntryPoint = "cuStreamWaitEvent")]
    public static partial int WaitEvent(nint stream, nint marker, uint flags);

    [LibraryImport(Library, EntryPoint = "cuStreamCreate")]
    public static partial int CreateStream(out nint stream, uint flags);

    [LibraryImport(Library, EntryPoint = "cuStreamDestroy_v2")]
    public static partial int DestroyStream(nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemAlloc_v2")]
    public static partial int Allocate(out nint memory, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemFree_v2")]
    public static partial int Free(nint memory);

    [LibraryImport(Library, EntryPoint = "cuMemcpyPeerAsync")]
    public static partial int CopyPeer(nint target, nint targetContext, nint source, nint sourceContext, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuDriverGetVersion")]
    private static partial int GetVersion(out int version);
}
