using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Inference;

/// <summary>Moves an ILGPU accelerator into the device's primary context, where ONNX Runtime works.</summary>
/// <remarks>ILGPU makes a context of its own per accelerator, and a pointer of one context means nothing in a kernel of
/// another. ILGPU reads its context only from <c>Accelerator.NativePtr</c>, when it binds a thread: so that is replaced
/// before anything is allocated or loaded. Dispose this in place of the accelerator, after every session.</remarks>
public sealed partial class CudaPrimaryContext : IDisposable
{
    private readonly CudaAccelerator _accelerator;
    private readonly nint _own;
    private readonly nint _primary;

    /// <summary>Adopts the primary context; call it on the thread that made the accelerator, before it is used.</summary>
    /// <exception cref="PlatformNotSupportedException">The driver refuses.</exception>
    public CudaPrimaryContext(CudaAccelerator accelerator)
    {
        _accelerator = accelerator;
        _own = accelerator.NativePtr;
        Check(RetainPrimary(out _primary, accelerator.DeviceId), "cuDevicePrimaryCtxRetain");
        SetContext(accelerator, _primary);
        Check(SetCurrent(_primary), "cuCtxSetCurrent"); // this thread counts as bound already, to the context of its own
    }

    /// <summary>Maps ILGPU's <c>cuda</c> to the file that drivers install, <c>libcuda.so.1</c>. Call once, before ILGPU looks for devices.</summary>
    public static void ResolveDriver()
    {
        // WSL keeps its driver elsewhere, and ILGPU has a rule of its own for that; a second resolver would throw.
        if (!OperatingSystem.IsLinux() || Directory.Exists("/usr/lib/wsl/lib")) return;
        NativeLibrary.SetDllImportResolver(typeof(CudaAccelerator).Assembly, (name, _, _) =>
            name == "cuda" && NativeLibrary.TryLoad("libcuda.so.1", out var driver) ? driver : 0);
    }

    /// <summary>Frees the accelerator's memory in the primary context, then ILGPU's own context.</summary>
    public void Dispose()
    {
        _accelerator.Bind();
        Check(SetCurrent(_primary), "cuCtxSetCurrent");
        SetContext(_accelerator, _own);
        _accelerator.Dispose();
        Check(ReleasePrimary(_accelerator.DeviceId), "cuDevicePrimaryCtxRelease");
    }

    private static void Check(int code, string call)
    {
        if (code != 0) throw new PlatformNotSupportedException($"{call} failed with CUDA error {code}; see ./run.sh doctor.");
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_NativePtr")]
    private static extern void SetContext(Accelerator accelerator, nint context);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int RetainPrimary(out nint context, int device);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static partial int ReleasePrimary(int device);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuCtxSetCurrent")]
    private static partial int SetCurrent(nint context);
}
