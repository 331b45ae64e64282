using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Inference;

/// <summary>A place in the work of a stream, for which another stream or the host can wait.</summary>
/// <remarks>On CUDA an event: nothing but the wait of the host blocks a thread. On ILGPU's CPU accelerator, whose streams have no events, a wait is
/// one for all that the stream was given. All but <see cref="Wait"/> is for the device's thread.</remarks>
internal sealed class DeviceEvent : IDisposable
{
    private readonly Accelerator _accelerator;
    private readonly bool _isCuda;
    private AcceleratorStream? _recorded;
    private nint _event;

    /// <summary>An event that nothing has been recorded in: nobody waits for it.</summary>
    public DeviceEvent(Accelerator accelerator)
    {
        (_accelerator, _isCuda) = (accelerator, accelerator is CudaAccelerator);
        if (_isCuda) CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.CreateEvent(out _event, CudaEventFlags.CU_EVENT_DISABLE_TIMING));
    }

    /// <summary>The place behind all that <paramref name="stream"/> was given so far.</summary>
    public void Record(AcceleratorStream stream)
    {
        _recorded = stream;
        if (_isCuda) CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.RecordEvent(_event, ((CudaStream)stream).StreamPtr));
    }

    /// <summary>What <paramref name="stream"/> is given from now on begins after the place; the host goes on at once.</summary>
    public void Delay(AcceleratorStream stream)
    {
        if (_isCuda) Delay(((CudaStream)stream).StreamPtr);
        else _recorded?.Synchronize();
    }

    /// <summary>The same for a stream that is not ILGPU's, of any context.</summary>
    /// <param name="stream">CUstream.</param>
    public void Delay(nint stream) => CudaErrorException.ThrowIfFailed("cuStreamWaitEvent", CudaDriver.WaitEvent(stream, _event, 0));

    /// <summary>The host waits until the device has come to the place.</summary>
    /// <param name="limit">A device that does not come there for so long never will.</param>
    /// <exception cref="DeviceLostException">It did not.</exception>
    /// <exception cref="CudaErrorException">The device met an error on its way.</exception>
    public void Wait(TimeSpan limit)
    {
        if (!_isCuda)
        {
            _recorded?.Synchronize();
            return;
        }

        _accelerator.Bind();
        var until = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        var spin = new SpinWait(); // a short while, then sleeps of a millisecond: batches take many
        while (true)
        {
            // Asked, not waited for: a driver that has lost its device may keep a waiting thread for ever.
            var state = CudaAPI.CurrentAPI.QueryEvent(_event);
            if (state == CudaError.CUDA_SUCCESS) return;
            if (state != CudaError.CUDA_ERROR_NOT_READY) throw new CudaErrorException("cuEventQuery", (int)state);
            if (Environment.TickCount64 > until) throw new DeviceLostException(limit);
            spin.SpinOnce();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_event == 0) return;
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.DestroyEvent(_event));
        _event = 0;
    }
}
