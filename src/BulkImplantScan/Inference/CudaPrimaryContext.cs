using System.Runtime.CompilerServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Inference;

/// <summary>Moves an ILGPU accelerator into the device's primary context, where ONNX Runtime works.</summary>
/// <remarks>ILGPU makes a context of its own per accelerator, and a pointer of one context means nothing in a kernel of
/// another. ILGPU reads its context only from <c>Accelerator.NativePtr</c>, when it binds a thread: so that is replaced
/// before anything is allocated or loaded. Dispose this in place of the accelerator, after every session.</remarks>
public sealed class CudaPrimaryContext : IDisposable
{
    private readonly CudaAccelerator _accelerator;
    private readonly nint _own;
    private readonly nint _primary;

    /// <summary>Adopts the primary context; call it on the thread that made the accelerator, before it is used.</summary>
    /// <exception cref="CudaErrorException">The driver refuses.</exception>
    public CudaPrimaryContext(CudaAccelerator accelerator)
    {
        _accelerator = accelerator;
        _own = accelerator.NativePtr;
        CudaErrorException.ThrowIfFailed("cuDevicePrimaryCtxRetain", CudaDriver.RetainPrimary(out _primary, accelerator.DeviceId));
        SetContext(accelerator, _primary);
        CudaErrorException.ThrowIfFailed("cuCtxSetCurrent", CudaDriver.SetCurrent(_primary)); // this thread counts as bound already, to the context of its own
    }

    /// <summary>Frees the accelerator's memory in the primary context, then ILGPU's own context.</summary>
    public void Dispose()
    {
        _accelerator.Bind();
        CudaErrorException.ThrowIfFailed("cuCtxSetCurrent", CudaDriver.SetCurrent(_primary));
        SetContext(_accelerator, _own);
        _accelerator.Dispose();
        CudaErrorException.ThrowIfFailed("cuDevicePrimaryCtxRelease", CudaDriver.ReleasePrimary(_accelerator.DeviceId));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_NativePtr")]
    private static extern void SetContext(Accelerator accelerator, nint context);
}
